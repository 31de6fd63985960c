"""`pelagos scale` used badly, or with bad luck: it says what is wrong before anything is made, never touches what is
not its own, and goes on without a point that cannot be run."""

from __future__ import annotations

import json
import os
import pathlib
import signal
import subprocess
import time
import unittest

from studies import COMMAND, PLATE, SHORT, SOURCE, Case, read, scale, tree

ONE = ("--seconds", "0.05", "--repeat", "1", "--threads", "1", "--strong")
TWO = ("--seconds", "0.05", "--repeat", "1", "--threads", "1,2", "--strong")


class CommandLine(Case):
    def test_numbers_of_threads(self):
        for threads in ("0", "-1", "x", "1,,2", "5000", "", "1,2,", "1.5", ",".join(map(str, range(1, 66)))):
            with self.subTest(threads=threads):
                self.refuses(PLATE, "--threads", threads, says="--threads")

    def test_other_words(self):
        for says, words in {"--places is": ("--places", "none"), "--repeat needs": ("--repeat", "0"),
                            "--steps 1 leaves nothing": ("--steps", "1"), "--steps needs": ("--steps", "-5"),
                            "--seconds needs": ("--seconds", "-1"), "not \"nan\"": ("--seconds", "nan"),
                            "exclude each other": ("--steps", "5", "--seconds", "1"),
                            "too many": ("another.yaml",), "unrecognized option": ("--thread-pool", "1"),
                            "--grow is of weak points": ("--strong", "--grow", "y"),
                            "use --threads and --places": ("--set", "run.threads=2")}.items():
            with self.subTest(words=words):
                self.refuses(PLATE, *words, says=says)

    def test_resume_and_overwrite_exclude_each_other(self):
        self.refuses(PLATE, "--resume", "--overwrite", says="exclude each other")

    def test_dimensions_that_a_problem_cannot_grow_along(self):
        self.refuses(PLATE, *TWO[:-1], "--grow", "w", says='cannot grow along "w"; it can along xy')
        self.refuses(PLATE, *TWO[:-1], "--grow", "zz", says='cannot grow along "zz"')
        self.refuses(PLATE, *TWO[:-1], "--grow", "xx", says='cannot grow along "xx"')
        self.refuses(SOURCE / "inputs/heat/bar.yaml", *TWO[:-1], "--grow", "y", says="1 dimension cannot grow")

    def test_no_deck(self):
        self.assertEqual(scale().returncode, 2)
        self.refuses("there-is-none.yaml", *ONE, code=5, says="there-is-none.yaml")

    def test_a_deck_that_is_wrong(self):
        for says, text in {"app": "app: ocean\n",
                           "grid.cells": "app: heat\ngrid: {cells: [4, 0], extent: [1 m, 1 m]}\n",
                           "deck.yaml": "app: [heat\n", "nonsense": "app: heat\nnonsense: 1\n"}.items():
            with self.subTest(text=text):
                deck = self.scratch / "deck.yaml"
                deck.write_text(text, encoding="utf-8")
                self.refuses(deck, *ONE, says=says)

    def test_a_weak_point_that_is_too_large_shows_before_the_first_sample(self):
        self.refuses(PLATE, "--weak", "--threads", "1,4096", says="the weak point of 4096 times the problem",
                     sets=("grid.cells=[64, 1000000]",))


class Folders(Case):
    def test_what_is_not_of_a_study_stays(self):
        self.folder.mkdir()
        for name in ("points", "report.html", "scale.json", "machine.log", "study.json"):
            with self.subTest(name=name):
                mine = self.folder / name
                if name == "points":
                    mine.mkdir()
                    (mine / "mine").write_text("precious", encoding="utf-8")
                else:
                    mine.write_text('{"precious": 1}', encoding="utf-8")
                for words in ((), ("--resume",), ("--overwrite",)):
                    self.refuses(PLATE, *ONE, *words, says=name)
                subprocess.run(["rm", "-r", mine], check=True)

    def test_what_a_person_put_among_the_points_stays(self):
        self.succeeds(scale(PLATE, *ONE, "-o", self.folder))
        for place in ("points/mine", "points/001-threads-compact-1x/mine", "points/001-threads-compact-1x/1/mine.csv",
                      "points/001-threads-compact-1x/1/series.nc", "points/notes.log"):
            with self.subTest(place=place):
                (self.folder / place).write_text("precious", encoding="utf-8")
                self.refuses(PLATE, *ONE, "--overwrite", says=place)
                (self.folder / place).unlink()
        (self.folder / "mine").write_text("precious", encoding="utf-8")
        self.succeeds(scale(PLATE, *ONE, "-o", self.folder, "--overwrite"))
        self.assertEqual((self.folder / "mine").read_text(encoding="utf-8"), "precious")

    def test_points_that_are_a_link_lead_nowhere(self):
        self.succeeds(scale(PLATE, *ONE, "-o", self.folder))
        elsewhere = self.scratch / "elsewhere"
        (self.folder / "points").rename(elsewhere)
        (self.folder / "points").symlink_to(elsewhere)
        before = tree(elsewhere)
        scale(PLATE, *ONE, "-o", self.folder, "--overwrite")
        self.assertEqual(tree(elsewhere), before)

    def test_the_folder_of_a_run(self):
        subprocess.run([COMMAND, "run", PLATE, "--steps", "2", "--quiet", "-o", self.folder], check=True)
        for words in ((), ("--resume",), ("--overwrite",)):
            self.refuses(PLATE, *ONE, *words, says="holds a run")

    def test_a_file_in_place_of_the_folder(self):
        self.folder.write_text("precious", encoding="utf-8")
        self.refuses(PLATE, *ONE, code=5, says="is not a folder")

    def test_a_folder_that_cannot_be_made_or_written(self):
        self.fails(scale(PLATE, *ONE, "-o", "/proc/study"), 5, "cannot be made")
        if os.geteuid() == 0:
            self.skipTest("root may write everywhere")
        self.folder.mkdir(mode=0o555)
        self.refuses(PLATE, *ONE, code=5, says="cannot write")

    def test_a_study_that_is_under_way(self):
        first = subprocess.Popen([COMMAND, "scale", PLATE, "--seconds", "30", "--repeat", "1", "--threads", "1",
                                  "--strong", "-o", self.folder], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            while not list(self.folder.glob("points/*/*/run.log")):
                self.assertIsNone(first.poll())
                time.sleep(0.02)
            for words in ((), ("--resume",), ("--overwrite",)):
                done = scale(PLATE, *ONE, "-o", self.folder, *words)
                self.fails(done, 5, "error: ")
            self.assertTrue(list(self.folder.glob("points/*/*/run.log")))
        finally:
            first.kill()
            first.wait()

    def test_a_disk_that_fills(self):
        disk = self.scratch / "disk"
        disk.mkdir()
        if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=48k", "tmpfs", disk], capture_output=True,
                          check=False).returncode != 0:
            self.skipTest("a small tmpfs cannot be mounted here")
        self.addCleanup(subprocess.run, ["umount", disk], check=True)
        words = (PLATE, *SHORT, "--strong", "-o", disk / "study", "--resume")
        self.fails(scale(*words), 5, "error: ")
        subprocess.run(["mount", "-o", "remount,size=100m", disk], check=True)
        self.succeeds(scale(*words))
        self.is_whole(read(disk / "study"), 2)


class Surroundings(Case):
    def test_what_openmp_is_told_outside_does_not_count(self):
        self.succeeds(scale(PLATE, *TWO, "-o", self.folder, env={
            "OMP_PROC_BIND": "close", "OMP_PLACES": "{0}", "OMP_NUM_THREADS": "1", "OMP_THREAD_LIMIT": "1",
            "OMP_DYNAMIC": "true"}))
        threads = {path.parts[-3]: json.loads(path.read_text(encoding="utf-8"))["counters"]["threads"]
                   for path in self.folder.glob("points/*/1/report.json")}
        self.assertEqual(threads, {"001-threads-compact-1x": 1, "002-threads-compact-1x": 2})
        self.assertIsNotNone(read(self.folder)["machine"]["measured"])

    def test_on_one_processor_a_second_thread_is_one_too_many(self):
        one = min(os.sched_getaffinity(0))
        done = subprocess.run(["taskset", "-c", str(one), COMMAND, "scale", PLATE, *TWO, "-o", self.folder],
                              capture_output=True, text=True, check=False)
        self.succeeds(done)
        study = read(self.folder)
        self.assertEqual([point["oversubscribed"] for point in study["points"]], [False, True])
        if len(os.sched_getaffinity(0)) > 1: # the same study has other processors now
            self.refuses(PLATE, *TWO, "--resume", says="granted processors: ")

    def test_closed_streams(self):
        command = f'"{COMMAND}" scale "{PLATE}" {" ".join(ONE)} -o "{self.folder}" --overwrite'
        for streams in (">&-", "2>&-", "<&-", "<&- >&- 2>&-"):
            with self.subTest(streams=streams):
                self.assertEqual(subprocess.run(f"{command} {streams}", shell=True, capture_output=True,
                                                check=False).returncode, 0)
                self.is_whole(read(self.folder), 1)
                self.assertEqual({path.name for path in self.folder.iterdir()} - {".lock"},
                                 {"points", "report.html", "scale.json", "study.json"})
                subprocess.run(["rm", "-r", self.folder], check=True)
                self.folder.mkdir()
                (self.folder / "study.json").write_text("{", encoding="utf-8")

    def test_a_reader_that_leaves_early_finds_the_files_all_the_same(self):
        subprocess.run(f'"{COMMAND}" scale "{PLATE}" {" ".join(ONE)} -o "{self.folder}" | head -n 1', shell=True,
                       capture_output=True, check=True)
        self.is_whole(read(self.folder), 1)

    def test_names_with_blanks_and_quotes(self):
        deck = self.scratch / "a 'plate' of 50 %d.yaml"
        deck.write_text(PLATE.read_text(encoding="utf-8"), encoding="utf-8")
        self.succeeds(scale(deck.name, *ONE, cwd=self.scratch))
        study = read(self.scratch / "a 'plate' of 50 %d-scaling")
        self.is_whole(study, 1)
        self.assertIn("'a '\\''plate'\\'' of 50 %d.yaml'", study["points"][0]["command"])

    def test_names_that_are_no_utf_8(self):
        deck = os.fsencode(self.scratch) + b"/pl\xe1tt\xe9.yaml"
        pathlib.Path(os.fsdecode(deck)).write_text(PLATE.read_text(encoding="utf-8"), encoding="utf-8")
        words = (COMMAND, "scale", deck, *ONE, "-o", os.fsencode(self.scratch) + b"/\xe9")
        self.assertEqual(subprocess.run([*words], capture_output=True, check=False).returncode, 0)
        self.assertEqual(subprocess.run([*words, "--resume"], capture_output=True, check=False).returncode, 0)
        study = read(self.scratch / os.fsdecode(b"\xe9"))
        self.is_whole(study, 1)
        self.assertTrue(study["study"]["deck"].endswith("/pl\ufffdtt\ufffd.yaml"))

    def test_a_title_too_long_is_cut_between_characters(self):
        self.succeeds(scale(PLATE, *ONE, "-o", self.folder, sets=("title=" + "\u00e9" * 200,)))
        self.assertEqual(read(self.folder)["study"]["title"], "\u00e9" * 127)

    def test_a_deck_that_looks_like_an_option(self):
        (self.scratch / "-p.yaml").write_text(PLATE.read_text(encoding="utf-8"), encoding="utf-8")
        self.succeeds(scale(*ONE, "-o", "study", "--", "-p.yaml", cwd=self.scratch))
        study = read(self.folder)
        self.is_whole(study, 1)
        self.assertIn(" ./-p.yaml ", study["points"][0]["command"])

    def test_whoever_starts_it_may_ignore_the_ends_of_children(self):
        self.succeeds(subprocess.run([COMMAND, "scale", PLATE, *ONE, "-o", self.folder], capture_output=True, text=True,
                                     check=False,
                                     preexec_fn=lambda: signal.signal(signal.SIGCHLD, signal.SIG_IGN)))
        self.is_whole(read(self.folder), 1)

    def test_a_busy_machine_is_noticed(self):
        one = min(os.sched_getaffinity(0))
        spinning = subprocess.Popen(["taskset", "-c", str(one), "sh", "-c", "while :; do :; done"])
        try:
            self.succeeds(scale(PLATE, "--seconds", "0.5", "--repeat", "1", "--threads", "1", "--strong", "-o",
                                self.folder))
        finally:
            spinning.kill()
            spinning.wait()
        study = read(self.folder)
        self.assertGreater(study["points"][0]["samples"][0]["load"], 0.1)
        self.assertTrue(any(w.startswith("the machine was busy with something else") for w in study["warnings"]))


class Failures(Case):
    def test_a_run_that_blows_up(self):
        unstable = ("time.scheme=euler", "physics.diffusivity=1 m2 s-1")
        self.fails(scale(PLATE, *TWO, "-o", self.folder, sets=unstable), 4, "error: 001-threads-compact-1x: ", "nan at")
        self.assertFalse((self.folder / "scale.json").exists())
        self.succeeds(scale(PLATE, *ONE, "-o", self.folder))  # nothing of it is worth keeping
        self.is_whole(read(self.folder), 1)
        by_steps = self.scratch / "by-steps"
        done = scale(PLATE, "--steps", 300, *TWO[2:], "-o", by_steps, sets=unstable)
        self.fails(done, 4, "2 of 2 ways to run the deck failed")
        self.assertEqual([sentence.split(":")[0] for sentence in read(by_steps)["errors"]],
                         ["001-threads-compact-1x", "002-threads-compact-1x"])

    def test_a_weak_point_that_memory_is_too_small_for_leaves_the_others(self):
        limit = "--as=800000000"
        if subprocess.run(["prlimit", limit, COMMAND, "--version"], capture_output=True, check=False).returncode != 0:
            self.skipTest("not even the version fits into so little memory, as with a sanitizer")
        done = subprocess.run(["prlimit", limit, COMMAND, "scale", PLATE, "--steps", "2", "--repeat", "1",
                               "--threads", "1,8", "-o", self.folder, "--set", "grid.cells=[2000, 2000]"],
                              capture_output=True, text=True, check=False)
        self.fails(done, 5, "1 of 3 ways to run the deck failed")
        study = read(self.folder)
        self.assertEqual([len(point["samples"]) for point in study["points"]], [1, 1, 1, 0])
        self.assertEqual(len(study["errors"]), 1)
        self.assertIn("008-threads-compact-8x: ", study["errors"][0])

    def test_a_weak_point_that_the_machine_is_too_small_for_is_not_begun(self):
        for fewest in (1, 2):
            with self.subTest(fewest=fewest):
                folder = self.scratch / str(fewest)
                done = scale(PLATE, "--steps", "2", "--repeat", "1", "--threads", f"{fewest},4096", "--weak", "-o",
                             folder, sets=("grid.cells=[1000, 1000]",))
                self.fails(done, 5, "4096 times the problem would take about ")
                self.assertFalse((folder / "points" / "4096-threads-compact-4096x").exists())
                study = read(folder)
                self.assertEqual([len(point["samples"]) for point in study["points"]], [1, 0])
                self.assertEqual(study["study"]["outcome"], "unfinished")

    def test_a_deck_that_is_edited_meanwhile_is_noticed(self):
        deck = self.scratch / "deck.yaml"
        text = PLATE.read_text(encoding="utf-8")
        deck.write_text(text, encoding="utf-8")
        words = (deck, *TWO, "-o", self.folder, "--resume")
        study = subprocess.Popen([str(word) for word in (COMMAND, "scale", *words)], stdout=subprocess.DEVNULL,
                                 stderr=subprocess.PIPE, text=True)
        while not (self.folder / "points/001-threads-compact-1x/first/run.log").exists():
            self.assertIsNone(study.poll())
            time.sleep(0.01)
        deck.write_text(text + "run: {seed: 7}\n", encoding="utf-8")
        said = study.communicate()[1]
        self.assertEqual(study.returncode, 2, said)
        self.assertIn("has changed since the study began", said)
        self.assertIn("run.seed: 7 here, 1 there", said)
        deck.write_text(text, encoding="utf-8")
        self.succeeds(scale(*words))
        self.is_whole(read(self.folder), 1)

    def test_a_sample_that_is_killed_is_left_out_and_taken_on_resume(self):
        study = subprocess.Popen([COMMAND, "scale", PLATE, *TWO[:1], "0.3", *TWO[2:], "-o", self.folder],
                                 stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
        while True:
            self.assertIsNone(study.poll())
            children = pathlib.Path(f"/proc/{study.pid}/task/{study.pid}/children").read_text(encoding="ascii").split()
            if children and (self.folder / "points/002-threads-compact-1x/1/run.log").exists():
                os.kill(int(children[0]), signal.SIGKILL)
                break
            time.sleep(0.01)
        _, said = study.communicate()
        self.assertEqual(study.returncode, 5, said)
        result = read(self.folder)
        self.assertEqual([len(point["samples"]) for point in result["points"]], [1, 0])
        self.assertEqual(len(result["errors"]), 1)
        self.assertEqual(result["study"]["outcome"], "unfinished")
        self.assertIn("002-threads-compact-1x: it was killed (SIGKILL), as the system does when memory runs out",
                      result["errors"][0])
        self.assertIn("as the system does when memory runs out", (self.folder / "report.html").read_text("utf-8"))
        self.succeeds(scale(PLATE, *TWO[:1], "0.3", *TWO[2:], "-o", self.folder, "--resume"))
        self.is_whole(read(self.folder), 1)
        self.assertEqual(read(self.folder)["errors"], [])


if __name__ == "__main__":
    unittest.main()
