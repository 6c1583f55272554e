# ARMv7 boards with Debian's armhf (not the Pi Zero and Pi 1, which are ARMv6). Times after 2038 need
# a time_t of 64 bits, which is not armhf's own.
set(TILLSIGHT_TRIPLET arm-linux-gnueabihf)
set(TILLSIGHT_PROCESSOR armv7l)
set(TILLSIGHT_QEMU qemu-arm-static)
set(CPACK_DEBIAN_PACKAGE_ARCHITECTURE armhf)
set(CMAKE_C_FLAGS_INIT "-D_FILE_OFFSET_BITS=64 -D_TIME_BITS=64")
set(CMAKE_CXX_FLAGS_INIT "-D_FILE_OFFSET_BITS=64 -D_TIME_BITS=64")
include(${CMAKE_CURRENT_LIST_DIR}/debian-cross.cmake)
