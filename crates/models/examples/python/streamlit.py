"""Streamlit, Gradio and Dash: what a visitor types, uploads or chooses comes from the outside, and the functions that an interface calls get it as arguments."""

import dash
import dash.dcc
import gradio
import os
import sqlite3
import streamlit
import streamlit.components.v1
import streamlit.delta_generator
import streamlit.runtime.uploaded_file_manager

from flask import request


def untrusted():
    return request.args["data"]


def classes():
    return [
        streamlit.runtime.uploaded_file_manager.UploadedFile,
        streamlit.delta_generator.DeltaGenerator,
        gradio.Blocks,
        gradio.Button,
        dash.Dash,
    ]


def types_of_streamlit():
    streamlit.sidebar
    streamlit.container()
    streamlit.columns()[0]
    streamlit.file_uploader()
    streamlit.file_uploader()[0]


def sources_of_streamlit():
    eval(streamlit.text_input())  # expect: code-injection
    eval(streamlit.query_params)  # expect: code-injection
    eval(streamlit.experimental_get_query_params())  # expect: code-injection


def sources_of_delta_generator(delta_generator: streamlit.delta_generator.DeltaGenerator):
    eval(delta_generator.text_input())  # expect: code-injection


def sources_of_uploaded_file(uploaded_file: streamlit.runtime.uploaded_file_manager.UploadedFile):
    eval(uploaded_file.name)  # expect: code-injection
    eval(uploaded_file.read())  # expect: code-injection


def sources_of_gradio():
    @gradio.Interface
    def on_Interface(value):
        eval(value)  # expect: code-injection


def sources_of_component(component: gradio.Button):
    @component.click
    def on_click(value):
        eval(value)  # expect: code-injection


def sources_of_dash():
    @dash.callback("/")
    def on_callback(value):
        eval(value)  # expect: code-injection


def sources_of_dash_2(the_dash: dash.Dash):
    @the_dash.callback("/")
    def on_callback_2(value):
        eval(value)  # expect: code-injection


def entries_of_gradio():
    @gradio.Interface
    def on_Interface_2():
        return ""


def entries_of_component(component: gradio.Button):
    @component.click
    def on_click_2():
        return ""


def entries_of_dash():
    @dash.callback("/")
    def on_callback_3():
        return ""


def entries_of_dash_2(the_dash: dash.Dash):
    @the_dash.callback("/")
    def on_callback_4():
        return ""


def decorator_of_streamlit():
    @streamlit.cache_data
    def kept_by_cache_data(text):
        eval(text)  # expect: code-injection

    kept_by_cache_data(untrusted())


def decorator_of_streamlit_2():
    @streamlit.cache_data("/")
    def kept_by_cache_data_2(text):
        eval(text)  # expect: code-injection

    kept_by_cache_data_2(untrusted())


def decorator_of_dash():
    @dash.callback("/")
    def kept_by_callback(text):
        eval(text)  # expect: code-injection

    kept_by_callback(untrusted())


def decorator_of_dash_2(the_dash: dash.Dash):
    @the_dash.callback("/")
    def kept_by_callback_2(text):
        eval(text)  # expect: code-injection

    kept_by_callback_2(untrusted())


def sinks_of_streamlit():
    streamlit.markdown(untrusted(), unsafe_allow_html=True)  # expect: cross-site-scripting


def sinks_of_delta_generator(delta_generator: streamlit.delta_generator.DeltaGenerator):
    delta_generator.markdown(untrusted(), unsafe_allow_html=True)  # expect: cross-site-scripting


def sinks_of_streamlit_components_v1():
    streamlit.components.v1.html(untrusted())  # expect: cross-site-scripting


def sinks_of_dash_dcc():
    dash.dcc.Markdown(untrusted(), dangerously_allow_html=True)  # expect: cross-site-scripting


def settings_of_dash(the_dash: dash.Dash):
    the_dash.run(debug=True)


def page():
    name = streamlit.text_input("Name")
    streamlit.markdown(name, unsafe_allow_html=True)  # expect: cross-site-scripting
    streamlit.markdown(name)
    chosen = streamlit.selectbox("Table", ["small", "large"])
    sqlite3.connect("x").execute("SELECT * FROM " + chosen)
    sqlite3.connect("x").execute("SELECT * FROM small WHERE name = '" + name + "'")  # expect: sql-injection
    sqlite3.connect("x").execute("SELECT * FROM small WHERE name = ?", (name,))


def convert(text):
    os.system(text)  # expect: command-injection
    return text.upper()


def interface():
    with gradio.Blocks():
        typed = gradio.Textbox()
        gradio.Button("Go").click(convert, typed, typed)
