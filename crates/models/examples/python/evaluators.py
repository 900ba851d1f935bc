"""Libraries that evaluate a text as an expression: SymPy hands it to Python, the others to a small language of their own."""

import IPython
import IPython.core.magic
import execjs
import flask
import js2py
import py_expression_eval
import rpy2.robjects
import safe_eval
import sympy
import sympy.parsing.sympy_parser

from flask import request


def untrusted():
    return request.args["data"]


class OwnMagics(IPython.core.magic.Magics):
    @IPython.core.magic.line_magic
    @IPython.core.magic.needs_local_scope
    def look(self, line):
        eval(line)  # expect: code-injection

    @IPython.core.magic.cell_magic("look")
    def look_at(self, line, cell):
        eval(cell)  # expect: code-injection


def sink_1():
    sympy.sympify(untrusted())  # expect: code-injection


def sink_2():
    sympy.parsing.sympy_parser.parse_expr(untrusted())  # expect: code-injection


def sink_3():
    py_expression_eval.Parser().parse(untrusted())  # expect: code-injection


def sink_4():
    safe_eval.safe_eval(untrusted())  # expect: code-injection


def sink_5():
    js2py.eval_js(untrusted())  # expect: code-injection


def sink_6():
    js2py.EvalJs().eval(untrusted())  # expect: code-injection


def sink_7():
    execjs.eval(untrusted())  # expect: code-injection


def sink_8():
    rpy2.robjects.r(untrusted())  # expect: code-injection


def sink_9():
    IPython.get_ipython().run_cell(untrusted())  # expect: code-injection


def sink_10():
    IPython.get_ipython().system(untrusted())  # expect: command-injection
