# find_package(weaksup): gives weaksup::core, weaksup::lf and weaksup::model. The archives are
# static by default, so what they need from outside is found here again.
include(CMakeFindDependencyMacro)
find_dependency(PkgConfig)
find_dependency(ZLIB)
find_dependency(Threads)
pkg_search_module(LUA REQUIRED IMPORTED_TARGET GLOBAL lua5.4 lua-5.4 lua54 lua>=5.4)
pkg_check_modules(PCRE2 REQUIRED IMPORTED_TARGET GLOBAL libpcre2-8)
pkg_check_modules(GSL REQUIRED IMPORTED_TARGET GLOBAL gsl)
pkg_check_modules(SIMDJSON REQUIRED IMPORTED_TARGET GLOBAL simdjson)
pkg_check_modules(XXHASH REQUIRED IMPORTED_TARGET GLOBAL libxxhash)
pkg_check_modules(UTF8PROC REQUIRED IMPORTED_TARGET GLOBAL libutf8proc)
pkg_check_modules(SECCOMP QUIET IMPORTED_TARGET GLOBAL libseccomp) # if it was built with it
include("${CMAKE_CURRENT_LIST_DIR}/weaksup-targets.cmake")
