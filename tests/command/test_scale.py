"""`pelagos scale`: a study of each app is whole, its figures agree, and no hash depends on threads or places; what it
resumes, replaces and refuses."""

from __future__ import annotations

import json
import pathlib
import shutil
import tempfile
import unittest

from studies import PLATE, SHORT, SOURCE, Case, read, scale, times, tree


class EachApp(Case):
    def study(self, deck: str, unit: str, *sets: str) -> dict:
        """Both modes and places of a deck in inputs/, shrunk by `sets`."""
        words = ("--seconds", 0.05, "--repeat", 1, "--threads", "1,2", "--places", "compact,spread")
        self.succeeds(scale(SOURCE / "inputs" / deck, *words, "-o", self.folder, sets=sets))
        study = read(self.folder)
        self.is_whole(study, 1)
        self.assertEqual(study["errors"], [])
        self.assertEqual(study["study"]["unit"], unit)
        self.assertEqual(study["study"]["modes"], ["strong", "weak"])
        self.assertIn("</html>", (self.folder / "report.html").read_text(encoding="utf-8"))
        for point in study["points"]:
            factor = point["threads"] if point["mode"] == "weak" else 1
            self.close(point["work_per_step"], factor * study["points"][0]["work_per_step"])
        same = {point["hash"] for point in study["points"] if point["mode"] == "strong" or point["threads"] == 1}
        self.assertEqual(len(same), 1, same)
        for way in (self.folder / "points").iterdir():
            threads, places = int(way.name.split("-")[0]), way.name.split("-")[2]
            deck = (way / "1" / "deck.yaml").read_text(encoding="utf-8")
            self.assertRegex(deck, rf"\n  threads: {threads} ")
            self.assertRegex(deck, rf"\n  placement: {places} ")
        larger = {point["hash"] for point in study["points"] if point["mode"] == "weak" and point["threads"] == 2}
        self.assertEqual(len(larger), 1, larger)
        self.assertNotEqual(same, larger)
        return study

    def test_heat(self):
        study = self.study("heat/plate.yaml", "cell")
        self.assertEqual({p["size"] for p in study["points"]}, {"128 x 64", "128 x 128"})

    def test_shallow_water(self):
        self.study("shallow_water/double_gyre.yaml", "cell", "grid.cells=[48, 48]")

    def test_qg(self):
        self.study("qg/two_vortices.yaml", "cell", "grid.cells=[32, 32]")

    def test_md(self):
        study = self.study("md/melt.yaml", "atom", "atoms.lattice.cells=[5, 5, 5]")
        self.assertEqual({p["work_per_step"] for p in study["points"]}, {500, 1000})


class Asked(Case):
    def test_the_table_fits_a_hundred_columns(self):
        done = scale(SOURCE / "inputs/heat/block.yaml", "--steps", 10, "--repeat", 1, "--threads", "1,3", "--strong", "-o", self.folder,
                     sets=("grid.cells=[100, 100, 100]",))
        self.succeeds(done)
        head, *points = [line for line in done.stdout.splitlines() if " 100 x 100 x 100 " in line or "threads  " in line]
        self.assertEqual(len(points), 2)
        self.assertEqual({len(line) for line in (head, *points)}, {99})

    def test_by_steps_every_sample_ends_at_the_same_step(self):
        self.succeeds(scale(PLATE, "--steps", 50, "--repeat", 1, "--threads", "1,2", "--strong", "-o", self.folder))
        study = read(self.folder)
        self.is_whole(study, 1)
        self.assertEqual({s["steps"] for p in study["points"] for s in p["samples"]}, {40})
        self.assertIn("too short to trust", " ".join(study["warnings"]))

    def test_points_take_turns_and_each_round_begins_with_another(self):
        self.succeeds(scale(PLATE, "--steps", 20, "--repeat", 3, "--threads", "1,2,3", "--strong", "-o", self.folder))
        ends = sorted(self.folder.glob("points/*/*.load.json"), key=lambda path: path.stat().st_mtime_ns)
        taken = [(int(path.name.split(".")[0]), int(path.parent.name.split("-")[0])) for path in ends]
        self.assertEqual(taken, [(1, 1), (1, 2), (1, 3), (2, 2), (2, 3), (2, 1), (3, 3), (3, 1), (3, 2)])

    def test_two_steps_are_the_least(self):
        self.succeeds(scale(PLATE, "--steps", 2, "--repeat", 1, "--threads", 1, "--strong", "-o", self.folder))
        self.is_whole(read(self.folder), 1)

    def test_weak_points_grow_along_what_was_said(self):
        self.succeeds(scale(PLATE, *SHORT, "--weak", "--grow", "x", "-o", self.folder))
        study = read(self.folder)
        self.assertEqual(study["study"]["grow"], "x")
        self.assertEqual([p["size"] for p in study["points"]], ["128 x 64", "256 x 64"])

    def test_without_one_thread_the_fewest_are_the_base_and_the_study_has_its_name(self):
        self.succeeds(scale(PLATE, "--seconds", 0.05, "--repeat", 1, "--weak", "--threads", "2,4", "-o", self.folder))
        study = read(self.folder)
        self.is_whole(study, 1)
        self.assertEqual((study["study"]["app"], study["study"]["unit"]), ("heat", "cell"))

    def test_more_threads_than_processors_are_marked_and_warned_of(self):
        self.succeeds(scale(PLATE, "--steps", 20, "--repeat", 2, "--threads", "1,64", "--strong", "-o", self.folder))
        study = read(self.folder)
        granted = study["machine"]["granted"]
        if granted >= 64:
            self.skipTest("64 threads are not too many here")
        self.assertEqual([p["oversubscribed"] for p in study["points"]], [False, True])
        self.assertEqual(study["points"][0]["hash"], study["points"][1]["hash"])
        self.assertTrue(any("64 threads are more than" in sentence for sentence in study["warnings"]))
        self.assertTrue(all(fit["samples"] <= 2 for fit in study["fits"]))

    def test_what_one_thread_does_alone_is_the_time_outside_regions(self):
        self.succeeds(scale(PLATE, "--seconds", "0.05", "--repeat", "1", "--threads", "2", "--strong", "-o", self.folder))
        (point,) = read(self.folder)["points"]
        report = json.loads((self.folder / "points/002-threads-compact-1x/1/report.json").read_text(encoding="utf-8"))
        wall, regions = report["measured_seconds"], report["counters"]["region_seconds"]
        self.assertLess(regions, wall)
        self.close(point["time"]["serial"], (wall - regions) / wall)

    def test_a_problem_too_small_to_measure_is_warned_of(self):
        bar = SOURCE / "inputs/heat/bar.yaml"
        self.succeeds(scale(bar, *SHORT, "--strong", "-o", self.folder, sets=("grid.cells=[8]", "time.step=0.4 s")))
        self.assertTrue(any("too small to measure" in sentence for sentence in read(self.folder)["warnings"]))

    def test_what_a_deck_says_of_threads_output_traces_and_limits_is_set_aside(self):
        deck = self.scratch / "deck.yaml"
        deck.write_text(PLATE.read_text(encoding="utf-8") + "run: {threads: 2, trace: trace.json, wall-limit: 0.001 s, "
                        "placement: none}\n", encoding="utf-8")
        self.succeeds(scale(deck, *SHORT, "--strong", "-o", self.folder, sets=("output.enabled=true",)))
        self.is_whole(read(self.folder), 2)
        names = {path.name for path in self.folder.glob("points/*/1/[!.]*")}
        self.assertEqual(names, {"deck.yaml", "run.log", "report.json"})
        threads = {json.loads(path.read_text(encoding="utf-8"))["counters"]["threads"]
                   for path in self.folder.glob("points/*/1/report.json")}
        self.assertEqual(threads, {1, 2})

    def test_a_sea_floor_of_a_file_has_strong_points_alone(self):
        deck = SOURCE / "inputs/shallow_water/seamount.yaml"
        self.succeeds(scale(deck, "--steps", 4, "--repeat", 1, "--threads", "1,2", "-o", self.folder))
        study = read(self.folder)
        self.assertEqual(study["study"]["modes"], ["strong"])
        self.assertTrue(any("physics.bathymetry.file" in sentence for sentence in study["warnings"]))
        self.fails(scale(deck, "--weak", "--threads", "1,2", "-o", self.scratch / "weak"), 2, "physics.bathymetry.file")
        self.assertFalse((self.scratch / "weak").exists())

    def test_atoms_of_a_file_have_strong_points_alone(self):
        atoms = self.scratch / "atoms.xyz"
        deck = self.scratch / "deck.yaml"
        self.write_atoms(atoms, deck)
        self.succeeds(scale(deck, *SHORT, "-o", self.folder))
        study = read(self.folder)
        self.assertEqual(study["study"]["modes"], ["strong"])
        self.assertTrue(any(sentence.startswith("no weak points: ") for sentence in study["warnings"]))
        done = scale(deck, *SHORT, "--weak", "-o", self.scratch / "weak")
        self.fails(done, 2, "error: ")
        self.assertFalse((self.scratch / "weak").exists())

    @staticmethod
    def write_atoms(atoms, deck):
        """A cubic lattice of 512 atoms."""
        places = [(1.2 * x, 1.2 * y, 1.2 * z) for x in range(8) for y in range(8) for z in range(8)]
        lines = [str(len(places)), 'Lattice="9.6 0 0 0 9.6 0 0 0 9.6" Properties=species:S:1:pos:R:3']
        atoms.write_text("\n".join(lines + [f"A {x} {y} {z}" for x, y, z in places]) + "\n", encoding="utf-8")
        melt = (SOURCE / "inputs/md/melt.yaml").read_text(encoding="utf-8")
        lattice = "lattice: {kind: fcc, density: 0.8442, cells: [20, 20, 20]}"
        assert lattice in melt
        deck.write_text(melt.replace(lattice, f"file: {atoms.name}"), encoding="utf-8")


class Again(Case):
    """What becomes of a study that is there: of copies of one."""

    @classmethod
    def setUpClass(cls):
        cls.original = tempfile.TemporaryDirectory(prefix="pelagos-scale-")
        cls.addClassCleanup(cls.original.cleanup)
        done = scale(PLATE, *SHORT, "--strong", "-o", pathlib.Path(cls.original.name) / "study")
        assert done.returncode == 0, done.stderr

    def setUp(self):
        super().setUp()
        shutil.copytree(pathlib.Path(self.original.name) / "study", self.folder)
        self.before = read(self.folder)

    def again(self, *words, **more):
        """The same study once more."""
        return scale(PLATE, *SHORT, "--strong", "-o", self.folder, *words, **more)

    def test_resume_of_a_finished_study_measures_nothing(self):
        points = tree(self.folder / "points")
        self.succeeds(self.again("--resume"))
        self.assertEqual(tree(self.folder / "points"), points)
        self.assertEqual(read(self.folder)["points"], self.before["points"])

    def test_resume_adds_threads_and_rounds_and_keeps_the_rest(self):
        for rounds, threads in ((2, "1,2,3"), (3, "1,2")):
            self.succeeds(self.again("--resume", "--threads", threads, "--repeat", rounds))
            study = read(self.folder)
            self.is_whole(study, rounds)
            self.assertEqual(times(study) | times(self.before), times(study))
            self.assertEqual(study["study"]["started"], self.before["study"]["started"])

    def test_resume_with_fewer_looks_at_fewer(self):
        self.succeeds(self.again("--resume", "--threads", "1", "--repeat", 1))
        self.is_whole(read(self.folder), 1)
        self.succeeds(self.again("--resume"))
        self.assertEqual(times(read(self.folder)), times(self.before))

    def test_resume_from_another_folder_by_another_path_is_the_same_study(self):
        self.succeeds(scale(PLATE.name, *SHORT, "--strong", "-o", self.folder, "--resume", cwd=PLATE.parent))
        self.assertEqual(times(read(self.folder)), times(self.before))

    def test_without_resume_or_overwrite_it_is_refused(self):
        self.refuses(PLATE, *SHORT, "--strong", says="--resume goes on with it")

    def test_another_study_is_refused_with_what_differs(self):
        same = (PLATE, *SHORT, "--strong", "--resume")
        self.refuses(*same, "--seconds", "0.06", says='sample: "0.06 s" here, "0.05 s" there')
        self.refuses(*same, sets=("time.step=0.4 s",), says="time.step: 0.4 s here, 0.5 s there")
        self.refuses(SOURCE / "inputs/heat/bar.yaml", *same[1:], says="grid.cells: ")
        self.refuses(SOURCE / "inputs/qg/two_vortices.yaml", *same[1:], says="app: qg here, heat there")
        self.refuses(*same, "--grow", "x", says="--grow is of weak points")

    def test_overwrite_begins_anew(self):
        self.succeeds(self.again("--overwrite", "--repeat", 1))
        study = read(self.folder)
        self.is_whole(study, 1)
        self.assertFalse(set(times(study).values()) & set(times(self.before).values()))

    def test_a_damaged_report_is_taken_anew(self):
        for at, damage in enumerate(("", "{", "[]", "null", '{"outcome": "finished"}', '{"outcome": 1}')):
            with self.subTest(damage=damage):
                report = self.folder / "points" / "002-threads-compact-1x" / str(at % 2 + 1) / "report.json"
                report.write_text(damage, encoding="utf-8")
                self.succeeds(self.again("--resume"))
                self.is_whole(read(self.folder), 2)
                self.assertEqual(json.loads(report.read_text(encoding="utf-8"))["outcome"], "finished")

    def test_samples_without_a_hash_are_no_samples(self):
        self.differ("unknown", 1, 2)
        self.succeeds(self.again("--resume"))
        self.is_whole(read(self.folder), 2)

    def test_a_truncated_report_and_a_missing_load_are_taken_anew(self):
        way = self.folder / "points" / "001-threads-compact-1x"
        text = (way / "1" / "report.json").read_bytes()
        (way / "1" / "report.json").write_bytes(text[:len(text) // 2])
        (way / "2.load.json").unlink()
        self.succeeds(self.again("--resume"))
        new = times(read(self.folder))
        self.is_whole(read(self.folder), 2)
        changed = {key for key, seconds in times(self.before).items() if new[key] != seconds}
        self.assertEqual(changed, {("strong", 1, "compact", 0), ("strong", 1, "compact", 1)})

    def differ(self, state, *rounds):
        """Gives samples on 2 threads another state, all the same."""
        for number in rounds:
            path = self.folder / "points" / "002-threads-compact-1x" / str(number) / "report.json"
            report = json.loads(path.read_text(encoding="utf-8"))
            report["passed_state"]["hash"] = report["final_state"] = state
            path.write_text(json.dumps(report), encoding="utf-8")

    def test_a_point_that_agrees_with_itself_and_with_no_other_is_an_error(self):
        self.differ("0123456789abcdef", 1, 2)
        self.fails(self.again("--resume"), 4, "1 way of running the same problem end")
        study = read(self.folder)
        self.assertEqual([point["hash"] is None for point in study["points"]], [False, True])
        self.assertIn("002-threads-compact-1x, sample 1: the state at step", study["errors"][0])

    def test_a_point_whose_state_differs_is_an_error_everywhere(self):
        self.differ("0123456789abcdef", 2)
        done = self.again("--resume")
        self.fails(done, 4, "end in other states")
        study = read(self.folder)
        self.assertEqual([point["hash"] is None for point in study["points"]], [False, True])
        self.assertEqual(len(study["errors"]), 1)
        self.assertIn("is 0123456789abcdef, not ", study["errors"][0])
        self.assertIn("error: 002-threads-compact-1x, sample 2", done.stdout)
        self.assertIn("is 0123456789abcdef, not ", (self.folder / "report.html").read_text(encoding="utf-8"))

    def test_damaged_settings_are_refused_and_may_be_overwritten(self):
        (self.folder / "study.json").write_text("{\"fixed\": ", encoding="utf-8")
        self.refuses(PLATE, *SHORT, "--strong", "--resume", code=5, says="is damaged")
        self.succeeds(self.again("--overwrite"))
        self.is_whole(read(self.folder), 2)


if __name__ == "__main__":
    unittest.main()
