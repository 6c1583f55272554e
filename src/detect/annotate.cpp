#include "tillsight/detect/annotate.hpp"

#include <algorithm>
#include <opencv2/imgcodecs.hpp>
#include <opencv2/imgproc.hpp>

#include "tillsight/core/file.hpp"

namespace tillsight {
namespace {

const cv::Scalar kGreen(80, 160, 30);
const cv::Scalar kAmber(0, 140, 235);
const cv::Scalar kWhite(255, 255, 255);
constexpr int kFont = cv::FONT_HERSHEY_DUPLEX;

/// Code points outside ASCII become one '?' each: their first byte does, the others go.
std::string drawable(const std::string& text) {
  std::string ascii;
  for (const char letter : text) {
    const auto byte = static_cast<unsigned char>(letter);
    const bool continuation = (byte & 0xc0) == 0x80;
    if (byte >= 0x20 && byte < 0x7f)
      ascii += letter;
    else if (!continuation)
      ascii += '?';
  }
  return ascii;
}

class Pen {
 public:
  explicit Pen(cv::Mat& picture)
      : picture_(picture),
        font_scale_(std::max(0.4, std::min(picture.cols, picture.rows) / 640.0)),
        stroke_px_(std::max(1, static_cast<int>(font_scale_ * 2))) {}

  void draw(const Caption& caption) {
    const cv::Scalar& colour = caption.sure ? kGreen : kAmber;
    const cv::Rect box(static_cast<int>(caption.box.x), static_cast<int>(caption.box.y),
                       static_cast<int>(caption.box.width), static_cast<int>(caption.box.height));
    cv::rectangle(picture_, box, colour, stroke_px_ + 1, cv::LINE_AA);
    write(drawable(caption.text), box.tl(), colour);
  }

 private:
  // On a filled strip above the box's corner, moved inwards where the picture ends.
  void write(const std::string& text, cv::Point corner, const cv::Scalar& colour) {
    int below_baseline = 0;
    const cv::Size size = cv::getTextSize(text, kFont, font_scale_, stroke_px_, &below_baseline);
    const int margin = stroke_px_ * 2;
    const cv::Size strip_size(size.width + 2 * margin, size.height + below_baseline + margin);
    cv::Rect strip(cv::Point(corner.x, corner.y - strip_size.height), strip_size);
    strip.x = std::max(0, std::min(strip.x, picture_.cols - strip.width));
    strip.y = std::max(0, strip.y);
    cv::rectangle(picture_, strip, colour, cv::FILLED);
    cv::putText(picture_, text, {strip.x + margin, strip.y + margin / 2 + size.height}, kFont,
                font_scale_, kWhite, stroke_px_, cv::LINE_AA);
  }

  cv::Mat& picture_;
  const double font_scale_;
  const int stroke_px_;
};

Result<std::vector<unsigned char>> encode(const cv::Mat& picture, const std::string& extension) {
  std::vector<unsigned char> bytes;
  try {
    if (cv::imencode(extension, picture, bytes, {cv::IMWRITE_JPEG_QUALITY, 88})) return bytes;
  } catch (const cv::Exception&) {
    // Falls through to the one message.
  }
  return error(Code::kInvalidArgument, "the picture cannot be encoded as {}", extension);
}

}  // namespace

Status write_annotated(const Frame& frame, std::span<const Caption> captions,
                       const std::filesystem::path& file) {
  const std::string extension = file.extension().string();
  if (extension != ".jpg" && extension != ".png") {
    return error(Code::kInvalidArgument, "{}: drawings end in .jpg or .png", file.string());
  }
  if (!well_formed(frame)) {
    return error(Code::kInvalidArgument, "{}: the frame has no pixels to draw on", frame.origin);
  }
  cv::Mat picture =
      cv::Mat(frame.height_px, frame.width_px, CV_8UC3, const_cast<std::uint8_t*>(frame.bgr.data()))
          .clone();
  Pen pen(picture);
  for (const Caption& caption : captions) pen.draw(caption);
  const auto bytes = encode(picture, extension);
  if (!bytes.ok()) return bytes.error().with_context(file.string());
  return write_file_atomically(
      file, {reinterpret_cast<const char*>(bytes->data()), bytes->size()},
      std::filesystem::perms::owner_read | std::filesystem::perms::owner_write |
          std::filesystem::perms::group_read | std::filesystem::perms::others_read);
}

}  // namespace tillsight
