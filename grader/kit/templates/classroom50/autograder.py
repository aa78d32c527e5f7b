#!/usr/bin/env python3
"""Run by Classroom 50 for each submission, in the student's folder: writes result.json there.

A grader that could not do its work writes none, which the platform reports as an error.
"""
import os
import pathlib
import shutil
import subprocess
import sys

here = pathlib.Path(__file__).resolve().parent
submission = pathlib.Path.cwd()

if not shutil.which("valgrind"):
    subprocess.run(["sh", here / "install.sh"], check=True, stdout=sys.stderr)
code = subprocess.run(["sh", here / "grade.sh", submission]).returncode
if code > 1:
    sys.exit(code)
