#!/bin/sh
# Publishes the site of the models in a bucket: s3://, gs:// or abfs://. Credentials come from the settings of the cloud,
# never from the address. A second run uploads only what has changed, if the folder CACHE still exists.
set -eu

REGISTRY="."
# What pip installs, with the extra s3, gs or abfs.
SITEGEN=""

: "${SITE:?set SITE to the bucket, such as s3://bucket/models}"
: "${SITE_URL:?set SITE_URL to the address at which the bucket is served}"

pip install "${SITEGEN:?write into this file what pip installs}"
sitegen build "$REGISTRY" --output "$SITE" --base-url "$SITE_URL" --cache "${CACHE:-$HOME/.cache/sitegen}"
