"""What stores files that come from elsewhere."""

import boto3
import gdown
import os
import paramiko
import shutil
import tarfile
import torch.hub
import urllib.request
import wget


def retrieves(folder):
    place = os.path.join(folder, "data.tar.gz")
    urllib.request.urlretrieve("https://registry.example/data.tar.gz", place)
    with tarfile.open(place) as archive:
        archive.extractall(folder)  # expect: archive-extraction
    os.remove(place)


def unpacks_own(folder):
    with tarfile.open("/usr/share/hosts/defaults.tar.gz") as archive:
        archive.extractall(folder)


def buckets(place):
    boto3.client("s3").download_file("bucket", "data.tar.gz", place)
    shutil.unpack_archive(place, "/srv/data")  # expect: archive-extraction


def bucket_resources(place, other):
    boto3.resource("s3").Bucket("bucket").download_file("data.tar.gz", place)
    shutil.unpack_archive(place, "/srv/data")  # expect: archive-extraction
    boto3.resource("s3").Object("bucket", "data.tar.gz").download_file(other)
    shutil.unpack_archive(other, "/srv/data")  # expect: archive-extraction


def fetchers():
    first, second, third = "first.tar", "second.tar", "third.tar"
    wget.download("https://registry.example/data.tar", first)
    shutil.unpack_archive(first, "/srv/data")  # expect: archive-extraction
    gdown.download("https://registry.example/data.tar", second)
    shutil.unpack_archive(second, "/srv/data")  # expect: archive-extraction
    torch.hub.download_url_to_file("https://registry.example/data.tar", third)
    shutil.unpack_archive(third, "/srv/data")  # expect: archive-extraction


def over_ssh(client: paramiko.SSHClient, place):
    client.open_sftp().get("/srv/data.tar", place)
    shutil.unpack_archive(place, "/srv/data")  # expect: archive-extraction
