"""Pictures of what a Pelagos run wrote. One module a concept:

errors   one sentence and an exit code
files    opening a file, finding a variable in it
times    which record, and how its time reads
fields   one record of a field, ready to draw
colours  colour limits and maps
labels   names and units as people read them
drifters particles over maps
pictures figures and their files
series   curves over time
movies   frames over time
spectra  curves over wavenumber
distributions, transport, thermo   what a run of atoms gathers, over distance, lag and time
frames   the atoms of a trajectory or checkpoint
neighbours   which atoms are near which
spheres  spheres in a box, as pixels
atoms    pictures of atoms
studies  a scaling study as pelagos scale wrote it
scaling, scaling_panels   its pictures
command  the command line
"""

import os

# Before HDF5 starts: a run may still append to the file, and a reader has no business locking it.
os.environ.setdefault("HDF5_USE_FILE_LOCKING", "FALSE")
