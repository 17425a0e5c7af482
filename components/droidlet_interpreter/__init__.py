"""Logical forms, answers and task events in; questions, replies, task changes and notes out.

Needs beside it: droidlet_schema.
"""

from droidlet_interpreter.contract import InterpreterInputs, InterpreterState, Said
from droidlet_interpreter.interpreter import Interpreter

__all__ = ["Interpreter", "InterpreterInputs", "InterpreterState", "Said"]
