#include "capture/picture_header.hpp"

#include <cstdint>
#include <cstdlib>

namespace tillsight {
namespace {

constexpr std::string_view kPngSignature("\x89PNG\r\n\x1a\n", 8);
constexpr std::string_view kJpegSignature("\xff\xd8\xff", 3);
constexpr std::string_view kBmpSignature("BM", 2);

std::uint32_t byte_at(std::string_view bytes, std::size_t at) {
  return static_cast<std::uint8_t>(bytes[at]);
}

/// \pre the number lies within `bytes`.
std::uint32_t big_endian(std::string_view bytes, std::size_t at, std::size_t count) {
  std::uint32_t value = 0;
  for (std::size_t i = 0; i < count; ++i) value = value << 8 | byte_at(bytes, at + i);
  return value;
}

Error truncated() {
  return error(Code::kInvalidArgument, "the file is incomplete; copy it again");
}

Result<PictureSize> checked(std::int64_t width, std::int64_t height) {
  constexpr std::int64_t kSideMax = 1 << 20;
  if (width <= 0 || height <= 0 || width > kSideMax || height > kSideMax) {
    return error(Code::kInvalidArgument, "the picture claims to be {} x {} pixels", width, height);
  }
  return PictureSize{static_cast<int>(width), static_cast<int>(height)};
}

Result<PictureSize> inspect_png(std::string_view bytes) {
  if (bytes.size() < 24 || bytes.rfind("IEND") == std::string_view::npos) return truncated();
  return checked(big_endian(bytes, 16, 4), big_endian(bytes, 20, 4));
}

Result<PictureSize> inspect_bmp(std::string_view bytes) {
  if (bytes.size() < 26) return truncated();
  const auto little_endian = [&](std::size_t at) {
    return static_cast<std::int32_t>(byte_at(bytes, at) | byte_at(bytes, at + 1) << 8 |
                                     byte_at(bytes, at + 2) << 16 | byte_at(bytes, at + 3) << 24);
  };
  if (static_cast<std::uint32_t>(little_endian(2)) > bytes.size()) return truncated();
  // A negative height means that the rows run from top to bottom.
  return checked(little_endian(18), std::abs(static_cast<std::int64_t>(little_endian(22))));
}

bool starts_frame(std::uint32_t marker) {
  return marker >= 0xc0 && marker <= 0xcf && marker != 0xc4 && marker != 0xc8 && marker != 0xcc;
}

// Walks the marker segments up to the entropy-coded data. In there 0xff is always followed by a
// zero or a restart marker, so the next "end of image" is the real one and not an EXIF thumbnail's.
Result<PictureSize> inspect_jpeg(std::string_view bytes) {
  constexpr std::uint32_t kStartOfScan = 0xda;
  std::size_t at = 2;
  Result<PictureSize> size =
      error(Code::kInvalidArgument, "the file is damaged; it holds no picture size");
  while (at + 4 <= bytes.size()) {
    if (byte_at(bytes, at) != 0xff) {
      return error(Code::kInvalidArgument, "the file is damaged at byte {}", at);
    }
    const std::uint32_t marker = byte_at(bytes, at + 1);
    if (marker == 0xff) {  // fill byte
      ++at;
      continue;
    }
    if (starts_frame(marker) && at + 9 <= bytes.size()) {
      size = checked(big_endian(bytes, at + 7, 2), big_endian(bytes, at + 5, 2));
    }
    if (marker == kStartOfScan) {
      return bytes.find("\xff\xd9", at) == std::string_view::npos ? truncated() : size;
    }
    at += 2 + big_endian(bytes, at + 2, 2);
  }
  return truncated();
}

}  // namespace

Result<PictureSize> inspect_picture(std::string_view bytes) {
  if (bytes.starts_with(kPngSignature)) return inspect_png(bytes);
  if (bytes.starts_with(kJpegSignature)) return inspect_jpeg(bytes);
  if (bytes.starts_with(kBmpSignature)) return inspect_bmp(bytes);
  return error(Code::kInvalidArgument, "this is no photo; give a JPEG, PNG or BMP file");
}

}  // namespace tillsight
