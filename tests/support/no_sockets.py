#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Runs a command that ends at once if it opens a socket: no_sockets.py COMMAND... Needs
libseccomp, as weaksup's workers do."""
import ctypes
import os
import sys

seccomp = ctypes.CDLL("libseccomp.so.2")
ALLOW, KILL_PROCESS = 0x7FFF0000, 0x80000000
seccomp.seccomp_init.restype = ctypes.c_void_p
seccomp.seccomp_rule_add.argtypes = [ctypes.c_void_p, ctypes.c_uint32, ctypes.c_int,
                                     ctypes.c_uint]
seccomp.seccomp_load.argtypes = [ctypes.c_void_p]
context = seccomp.seccomp_init(ALLOW)
call = seccomp.seccomp_syscall_resolve_name(b"socket")
if seccomp.seccomp_rule_add(context, KILL_PROCESS, call, 0) or seccomp.seccomp_load(context):
    sys.exit("no_sockets.py: the filter cannot be loaded")
os.execvp(sys.argv[1], sys.argv[1:])
