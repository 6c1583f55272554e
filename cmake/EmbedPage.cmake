# Run as a script while building: cmake -DFOLDER=web/kiosk -DFILES=a.js|b.css -DNAME=kiosk -DOUT=assets.cpp -P …
# Writes the files, compressed, as C++ that src/web/assets.hpp declares: the page is in the program.
string(REPLACE "|" ";" files "${FILES}")
set(types_html "text/html; charset=utf-8")
set(types_css "text/css; charset=utf-8")
set(types_js "text/javascript; charset=utf-8")
set(types_json "application/json")
set(types_yaml "application/yaml; charset=utf-8")
set(types_svg "image/svg+xml")
set(types_woff2 "font/woff2")

set(arrays "")
set(entries "")
set(number 0)
foreach(file IN LISTS files)
  get_filename_component(extension ${file} LAST_EXT)
  string(SUBSTRING ${extension} 1 -1 extension)
  file(SHA256 ${FOLDER}/${file} hash)
  string(SUBSTRING ${hash} 0 16 hash)
  file(ARCHIVE_CREATE OUTPUT ${OUT}.gz PATHS ${FOLDER}/${file}
    FORMAT raw COMPRESSION GZip COMPRESSION_LEVEL 9)
  file(READ ${OUT}.gz hex HEX)
  # Bytes 4 to 7 of gzip are a time; the same sources make the same program.
  string(SUBSTRING "${hex}" 16 -1 rest)
  set(hex "1f8b080000000000${rest}")
  string(REGEX REPLACE "(................................................................)" "\\1\n" hex "${hex}")
  string(REGEX REPLACE "([0-9a-f][0-9a-f])" "0x\\1," bytes "${hex}")
  string(APPEND arrays "constexpr unsigned char kBytes${number}[] = {\n${bytes}};\n")
  string(APPEND entries "    {\"/${file}\", \"${types_${extension}}\", \"\\\"${hash}\\\"\", view(kBytes${number})},\n")
  math(EXPR number "${number} + 1")
endforeach()
file(REMOVE ${OUT}.gz)

file(WRITE ${OUT} "#include \"web/assets.hpp\"

#include <array>
#include <cstddef>

namespace tillsight::web {
namespace {

${arrays}
template <std::size_t kSize>
std::string_view view(const unsigned char (&bytes)[kSize]) {
  return {reinterpret_cast<const char*>(bytes), kSize};
}

}  // namespace

std::span<const Asset> ${NAME}_assets() {
  static const std::array<Asset, ${number}> all = {{
${entries}  }};
  return all;
}

}  // namespace tillsight::web
")
