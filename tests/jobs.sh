#!/bin/sh
# SPDX-License-Identifier: MIT
# How many tests run at once: one more than there are processors, as some wait for servers and
# for limits of time.
echo $(($(getconf _NPROCESSORS_ONLN) + 1))
