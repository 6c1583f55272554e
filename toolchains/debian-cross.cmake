# Debian 12 for another architecture: its cross compiler, and a root of that architecture to compile
# and link against (toolchains/sysroot.sh makes it). What a test program is runs under qemu-user.
#
# Expects TILLSIGHT_TRIPLET, TILLSIGHT_PROCESSOR, TILLSIGHT_QEMU of the file that includes it, and
# TILLSIGHT_SYSROOT from the command line, a preset or the environment.
set(CMAKE_SYSTEM_NAME Linux)
set(CMAKE_SYSTEM_PROCESSOR ${TILLSIGHT_PROCESSOR})
if(NOT TILLSIGHT_SYSROOT)
  set(TILLSIGHT_SYSROOT "$ENV{TILLSIGHT_SYSROOT}")
endif()
if(NOT IS_DIRECTORY "${TILLSIGHT_SYSROOT}/usr/lib/${TILLSIGHT_TRIPLET}")
  message(FATAL_ERROR "'${TILLSIGHT_SYSROOT}' is no root of ${TILLSIGHT_TRIPLET}; "
    "toolchains/sysroot.sh makes one, -DTILLSIGHT_SYSROOT=… names it (./dev cross does both)")
endif()
list(APPEND CMAKE_TRY_COMPILE_PLATFORM_VARIABLES TILLSIGHT_SYSROOT)

set(CMAKE_SYSROOT "${TILLSIGHT_SYSROOT}")
set(CMAKE_C_COMPILER ${TILLSIGHT_TRIPLET}-gcc-12)
set(CMAKE_CXX_COMPILER ${TILLSIGHT_TRIPLET}-g++-12)
set(CMAKE_STRIP ${TILLSIGHT_TRIPLET}-strip)
set(CMAKE_LIBRARY_ARCHITECTURE ${TILLSIGHT_TRIPLET})
set(CMAKE_FIND_ROOT_PATH_MODE_PROGRAM NEVER)
set(CMAKE_FIND_ROOT_PATH_MODE_LIBRARY ONLY)
set(CMAKE_FIND_ROOT_PATH_MODE_INCLUDE ONLY)
set(CMAKE_FIND_ROOT_PATH_MODE_PACKAGE ONLY)
set(ENV{PKG_CONFIG_DIR} "")
set(ENV{PKG_CONFIG_SYSROOT_DIR} "${CMAKE_SYSROOT}")
set(ENV{PKG_CONFIG_LIBDIR}
  "${CMAKE_SYSROOT}/usr/lib/${TILLSIGHT_TRIPLET}/pkgconfig:${CMAKE_SYSROOT}/usr/share/pkgconfig")
# OpenCV's libraries need libraries of their own (GDAL, FFmpeg); the linker looks for them here.
set(CMAKE_EXE_LINKER_FLAGS_INIT "-Wl,-rpath-link,${CMAKE_SYSROOT}/usr/lib/${TILLSIGHT_TRIPLET}")
set(CMAKE_CROSSCOMPILING_EMULATOR "${TILLSIGHT_QEMU};-L;${CMAKE_SYSROOT}")
