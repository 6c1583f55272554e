#include "cli/detect_output.hpp"

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>
#include <ostream>

#include "tillsight/detect/annotate.hpp"
#include "tillsight/domain/text.hpp"

namespace tillsight::cli {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::ordered_json;

bool is_picture_name(const fs::path& file) {
  return file.extension() == ".jpg" || file.extension() == ".png";
}

bool is_ascii(const std::string& text) {
  return std::ranges::all_of(text, [](char letter) { return (letter & 0x80) == 0; });
}

double rounded(float value, double steps) {
  return std::round(double{value} * steps) / steps;
}

std::string padded(const std::string& text, int columns) {
  const std::string cut = cut_to_width(text, columns);
  return cut +
         std::string(static_cast<std::size_t>(std::max(0, columns - display_width(cut))), ' ');
}

Json box_json(const Box& box) {
  return {{"x", rounded(box.x, 10)},
          {"y", rounded(box.y, 10)},
          {"width", rounded(box.width, 10)},
          {"height", rounded(box.height, 10)}};
}

Json candidate_json(const Candidate& candidate) {
  return {{"label", candidate.label}, {"score", rounded(candidate.score, 10'000)}};
}

}  // namespace

Result<std::optional<Drawing>> Drawing::plan(const fs::path& out, const fs::path& source) {
  if (out.empty()) return std::optional<Drawing>();
  std::error_code ignored;
  const bool one_picture = is_picture_name(out);
  const bool many_photos = fs::is_directory(source, ignored);
  if (one_picture && many_photos) {
    return error(Code::kInvalidArgument,
                 "--draw {}: a folder of photos gives several pictures; name a folder",
                 out.string());
  }
  const fs::path photos = one_picture || many_photos ? source : fs::absolute(source).parent_path();
  if (fs::equivalent(out, photos, ignored)) {
    return error(Code::kInvalidArgument, "--draw {}: that would overwrite the photos; name another",
                 out.string());
  }
  std::error_code failed;
  if (!one_picture) fs::create_directories(out, failed);
  if (failed) {
    return error(Code::kFailedPrecondition, "--draw {}: the folder cannot be made: {}",
                 out.string(), failed.message());
  }
  return std::optional<Drawing>(Drawing(out, one_picture));
}

Result<fs::path> Drawing::place_for(const Frame& frame) {
  const int number = placed_++;
  if (one_) {
    if (number == 0) return out_;
    return error(Code::kInvalidArgument,
                 "--draw {}: there is more than one picture; name a folder, or add --frames 1",
                 out_.string());
  }
  std::error_code ignored;
  const bool from_file = fs::exists(frame.origin, ignored);
  fs::path name = from_file ? fs::path(frame.origin).filename() : fs::path("frame");
  if (!is_picture_name(name)) name += ".jpg";
  if (!names_.insert(name.string()).second) {  // another frame of the same video or camera
    name = format("{}-{:06}{}", name.stem().string(), number, name.extension().string());
    names_.insert(name.string());
  }
  return out_ / name;
}

DetectOutput::DetectOutput(Thresholds thresholds, std::optional<PriceList> prices,
                           std::optional<Drawing> drawing, Form form, std::ostream& to)
    : thresholds_(std::move(thresholds)),
      prices_(std::move(prices)),
      drawing_(std::move(drawing)),
      form_(form),
      to_(to) {}

Status DetectOutput::write(const Frame& frame, std::span<const Detection> detections) {
  to_ << (form_ == Form::kTable ? as_table(frame, detections) : as_json(frame, detections))
      << std::flush;
  return drawing_ ? draw(frame, detections) : Status();
}

std::vector<const Product*> DetectOutput::products(const Detection& detection) const {
  return prices_ ? prices_->catalogue.by_label(detection.best.label)
                 : std::vector<const Product*>();
}

std::string DetectOutput::price(const Detection& detection) const {
  const auto candidates = products(detection);
  if (candidates.empty()) return prices_ ? "not sold" : "";
  if (candidates.size() > 1) return format("{} products", candidates.size());
  return to_string(candidates.front()->unit_price, prices_->currency);
}

std::string DetectOutput::caption(const Detection& detection) const {
  const auto candidates = products(detection);
  const bool name_fits = candidates.size() == 1 && is_ascii(candidates.front()->name);
  std::string text = name_fits ? candidates.front()->name : detection.best.label;
  if (!thresholds_.is_sure(detection)) text += "?";
  const std::string cost = price(detection);
  return cost.empty() ? text : text + "  " + cost;
}

std::string DetectOutput::as_table(const Frame& frame,
                                   std::span<const Detection> detections) const {
  std::string text = format("{}: {} x {}\n", frame.origin, frame.width_px, frame.height_px);
  if (detections.empty()) text += "  nothing\n";
  for (const Detection& detection : detections) {
    const Box& box = detection.box;
    text += format("  {} {:.2f} {:4} {:>12}   {:.0f} x {:.0f} at {:.0f},{:.0f}",
                   padded(detection.best.label, 16), detection.best.score,
                   thresholds_.is_sure(detection) ? "sure" : "ask", price(detection), box.width,
                   box.height, box.x, box.y);
    for (const Candidate& other : detection.alternatives) {
      text += format("{} {} {:.2f}", &other == &detection.alternatives.front() ? "   or" : ",",
                     other.label, other.score);
    }
    text += '\n';
  }
  return text;
}

std::string DetectOutput::as_json(const Frame& frame, std::span<const Detection> detections) const {
  Json seen = Json::array();
  for (const Detection& detection : detections) {
    Json one = candidate_json(detection.best);
    one["sure"] = thresholds_.is_sure(detection);
    one["box"] = box_json(detection.box);
    one["alternatives"] = Json::array();
    for (const Candidate& other : detection.alternatives) {
      one["alternatives"].push_back(candidate_json(other));
    }
    if (prices_) {
      one["products"] = Json::array();
      for (const Product* product : products(detection)) {
        one["products"].push_back(
            {{"sku", product->sku.value()},
             {"name", product->name},
             {"unit_price", to_string(product->unit_price, prices_->currency)},
             {"currency", prices_->currency.code()}});
      }
    }
    seen.push_back(std::move(one));
  }
  const Json line = {{"source", frame.origin},
                     {"frame", frame.sequence},
                     {"width", frame.width_px},
                     {"height", frame.height_px},
                     {"detections", std::move(seen)}};
  // A file name may hold bytes that are no UTF-8; they are shown as U+FFFD.
  return line.dump(-1, ' ', false, Json::error_handler_t::replace) + '\n';
}

Status DetectOutput::draw(const Frame& frame, std::span<const Detection> detections) {
  TILLSIGHT_ASSIGN(const fs::path file, drawing_->place_for(frame));
  std::vector<Caption> captions;
  for (const Detection& detection : detections) {
    captions.push_back(
        {.box = detection.box, .text = caption(detection), .sure = thresholds_.is_sure(detection)});
  }
  return write_annotated(frame, captions, file);
}

}  // namespace tillsight::cli
