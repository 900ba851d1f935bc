"""Pictures and films: Pillow, Wand, imageio, OpenCV and ffmpeg-python."""

import PIL.Image
import PIL.ImageMath
import cv2
import ffmpeg
import ffmpeg.nodes
import imageio
import os
import wand.image

from flask import request


def untrusted():
    return request.args["data"]


def classes():
    return [
        PIL.Image.Image,
        wand.image.Image,
        ffmpeg.nodes.Stream,
    ]


def types_of_PIL_Image():
    PIL.Image.open()


def types_of_image(image: PIL.Image.Image):
    image.convert()


def types_of_ffmpeg():
    ffmpeg.input()


def types_of_stream(stream: ffmpeg.nodes.Stream):
    stream.output()


def sinks_of_image(image: PIL.Image.Image):
    image.save(untrusted())  # expect: path-traversal


def sinks_of_PIL_ImageMath():
    PIL.ImageMath.eval(untrusted())  # expect: code-injection


def sinks_of_wand_image():
    wand.image.Image(filename=untrusted())  # expect: path-traversal, server-side-request-forgery


def sinks_of_image_2(image: wand.image.Image):
    image.read(filename=untrusted())  # expect: path-traversal, server-side-request-forgery
    image.save(filename=untrusted())  # expect: path-traversal


def sinks_of_imageio():
    imageio.imwrite(untrusted())  # expect: path-traversal


def sinks_of_cv2():
    cv2.imread(untrusted())  # expect: path-traversal
    cv2.VideoCapture(untrusted())  # expect: path-traversal, server-side-request-forgery


def sinks_of_ffmpeg():
    ffmpeg.input(untrusted())  # expect: path-traversal, server-side-request-forgery
    ffmpeg.probe(untrusted())  # expect: argument-injection, path-traversal, server-side-request-forgery
    ffmpeg.output(filename=untrusted())  # expect: argument-injection, path-traversal
    ffmpeg.run(cmd=untrusted())  # expect: command-injection


def sinks_of_stream(stream: ffmpeg.nodes.Stream):
    stream.output(untrusted())  # expect: argument-injection, path-traversal
    stream.run(cmd=untrusted())  # expect: command-injection


def pictures():
    picture = PIL.Image.open(request.files["picture"])
    picture.save(os.path.join("/srv/pictures", os.path.basename(untrusted())))
    picture.resize((1, 1)).save("/srv/pictures/" + untrusted())  # expect: path-traversal
