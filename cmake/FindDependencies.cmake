# Every third party that Tillsight links, found once. Debian 12 has them all; `./dev setup` installs
# what is missing. A folder links only what it names, so a missing link shows in that folder.
find_package(PkgConfig REQUIRED)
find_package(Threads REQUIRED)

find_package(OpenCV REQUIRED COMPONENTS core imgproc imgcodecs videoio dnn)
find_package(SQLite3 REQUIRED)
find_package(OpenSSL REQUIRED COMPONENTS Crypto SSL)
find_package(CLI11 REQUIRED)
find_package(nlohmann_json REQUIRED)
find_package(simdjson REQUIRED)
find_package(spdlog REQUIRED)
find_package(fmt REQUIRED)
find_package(tomlplusplus REQUIRED)
find_package(date REQUIRED)
find_package(ZLIB REQUIRED)
find_package(Eigen3 REQUIRED NO_MODULE)
pkg_check_modules(libsystemd REQUIRED IMPORTED_TARGET libsystemd)
pkg_check_modules(mosquitto REQUIRED IMPORTED_TARGET libmosquitto)
pkg_check_modules(microhttpd REQUIRED IMPORTED_TARGET libmicrohttpd)
pkg_check_modules(libevdev REQUIRED IMPORTED_TARGET libevdev)
pkg_check_modules(pangocairo REQUIRED IMPORTED_TARGET pangocairo cairo-pdf)
pkg_check_modules(utf8proc REQUIRED IMPORTED_TARGET libutf8proc)

# These two ship neither a CMake package nor a pkg-config file.
function(tillsight_find_plain name header library)
  find_path(${name}_INCLUDE_DIR ${header} REQUIRED)
  find_library(${name}_LIBRARY ${library} REQUIRED)
  add_library(${name}::${name} UNKNOWN IMPORTED)
  set_target_properties(${name}::${name} PROPERTIES
    IMPORTED_LOCATION ${${name}_LIBRARY}
    INTERFACE_INCLUDE_DIRECTORIES ${${name}_INCLUDE_DIR})
endfunction()
tillsight_find_plain(libcsv csv.h csv)
tillsight_find_plain(phonenumber phonenumbers/phonenumberutil.h phonenumber)

if(TILLSIGHT_TESTS)
  find_package(GTest REQUIRED)
endif()
if(TILLSIGHT_BENCH)
  find_package(benchmark REQUIRED)
endif()
set(Dependencies_FOUND TRUE)
