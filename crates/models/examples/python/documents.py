"""Makers of documents and pictures from HTML: WeasyPrint, pdfkit, imgkit, xhtml2pdf."""

import html
import imgkit
import pdfkit
import weasyprint
import xhtml2pdf.pisa

from flask import request


def untrusted():
    return request.args["data"]


def sinks_of_weasyprint():
    weasyprint.HTML(string=untrusted())  # expect: cross-site-scripting
    weasyprint.HTML(url=untrusted())  # expect: server-side-request-forgery
    weasyprint.HTML(untrusted())  # expect: path-traversal, server-side-request-forgery
    weasyprint.HTML(filename=untrusted())  # expect: path-traversal
    weasyprint.HTML().write_pdf(untrusted())  # expect: path-traversal


def sinks_of_pdfkit():
    pdfkit.from_url(untrusted())  # expect: argument-injection, server-side-request-forgery
    pdfkit.from_file(untrusted())  # expect: path-traversal
    pdfkit.from_string(untrusted())  # expect: cross-site-scripting
    pdfkit.from_url(output_path=untrusted())  # expect: path-traversal


def sinks_of_imgkit():
    imgkit.from_url(untrusted())  # expect: argument-injection, server-side-request-forgery
    imgkit.from_file(untrusted())  # expect: path-traversal
    imgkit.from_string(untrusted())  # expect: cross-site-scripting
    imgkit.from_url(output_path=untrusted())  # expect: path-traversal


def sinks_of_xhtml2pdf_pisa():
    xhtml2pdf.pisa.CreatePDF(untrusted())  # expect: cross-site-scripting


def reports():
    weasyprint.HTML(string="<p>" + html.escape(untrusted()) + "</p>").write_pdf("/srv/report.pdf")
    pdfkit.from_url("https://reports.example/?name=" + untrusted(), "/srv/report.pdf")
