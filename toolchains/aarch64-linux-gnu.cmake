# Raspberry Pi 3, 4 and 5 with a 64-bit system, and other ARMv8 boards with Debian 12.
# A build tuned for one board: -DCMAKE_CXX_FLAGS_INIT=-mcpu=cortex-a53 (Pi 3), -a72 (Pi 4), -a76 (Pi 5).
set(TILLSIGHT_TRIPLET aarch64-linux-gnu)
set(TILLSIGHT_PROCESSOR aarch64)
set(TILLSIGHT_QEMU qemu-aarch64-static)
set(CPACK_DEBIAN_PACKAGE_ARCHITECTURE arm64)
include(${CMAKE_CURRENT_LIST_DIR}/debian-cross.cmake)
