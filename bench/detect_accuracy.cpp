// How well the network does as a till uses it, on photos it was not tuned on.
//
//   tillsight_bench_accuracy [DATA]            figures on the report half, and mAP on COCO photos
//   tillsight_bench_accuracy [DATA] --choose   what each threshold would do, on the choosing half
//
// DATA holds photos/grocery-store and photos/coco; default $TILLSIGHT_DATA, then ../shared/data
// beside the sources. A photo is "sold" as a label if a detection of it is sure, "asked" if one is
// seen but none is sure, else "ignored".
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <map>
#include <nlohmann/json.hpp>
#include <set>

#include "bench/average_precision.hpp"
#include "bench/figure.hpp"
#include "bench/grocery_store.hpp"
#include "tests/support/source_dir.hpp"
#include "tillsight/capture/frame_source.hpp"
#include "tillsight/core/clock.hpp"
#include "tillsight/detect/detector.hpp"
#include "tillsight/domain/catalogue.hpp"

namespace tillsight::bench {
namespace {

constexpr int kThreads = 2;
constexpr float kEverything = 0.01f;

struct Seen {
  GroceryPhoto photo;
  std::map<std::string, float> best;  ///< score by label, of labels that the shop sells
};

struct Setup {
  ModelManifest manifest;
  std::set<std::string> sold_labels;
};

Result<Setup> load_setup() {
  const std::filesystem::path root = source_dir();
  TILLSIGHT_ASSIGN(ModelManifest manifest, ModelManifest::load(root / "models/manifest.toml"));
  TILLSIGHT_ASSIGN(const Currency currency, Currency::parse("INR"));
  TILLSIGHT_ASSIGN(const Catalogue catalogue,
                   Catalogue::load(root / "config/catalogue.csv", currency));
  Setup setup{std::move(manifest), {}};
  for (const Product& product : catalogue.products()) setup.sold_labels.insert(product.label);
  setup.sold_labels.erase("");
  return setup;
}

Result<std::vector<Detection>> detect_photo(Detector& detector, const std::filesystem::path& file) {
  static const SystemClock clock;
  TILLSIGHT_ASSIGN(const auto source, open_source(file.string(), {}, clock));
  TILLSIGHT_ASSIGN(const auto frame, source->next());
  if (!frame) return error(Code::kNotFound, "{}: no picture", file.string());
  return detector.detect(*frame);
}

/// Everything the network says is kept: suppression works from the best score down, so leaving
/// weaker ones out later gives exactly what a higher min_score would have given.
Result<std::unique_ptr<Detector>> permissive_detector(ModelManifest manifest) {
  manifest.thresholds.min_score = kEverything;
  return make_opencv_detector(manifest, kThreads);
}

Result<std::vector<Seen>> look_at(const std::vector<GroceryPhoto>& photos, const Setup& setup) {
  TILLSIGHT_ASSIGN(const auto detector, permissive_detector(setup.manifest));
  std::vector<Seen> seen;
  for (const GroceryPhoto& photo : photos) {
    TILLSIGHT_ASSIGN(const auto detections, detect_photo(*detector, photo.file));
    Seen one{photo, {}};
    for (const Detection& detection : detections) {
      if (!setup.sold_labels.contains(detection.best.label)) continue;
      float& best = one.best[detection.best.label];
      best = std::max(best, detection.best.score);
    }
    seen.push_back(std::move(one));
  }
  return seen;
}

double share(std::size_t part, std::size_t whole, double of = 1) {
  return whole == 0 ? 0 : of * static_cast<double>(part) / static_cast<double>(whole);
}

bool report_label(const std::vector<Seen>& photos, const std::string& label, double goal,
                  const Thresholds& thresholds) {
  std::size_t shown = 0;
  std::size_t found = 0;
  std::size_t sure = 0;
  for (const Seen& one : photos) {
    if (one.photo.label != label) continue;
    const auto score = one.best.find(label);
    ++shown;
    if (score == one.best.end()) continue;
    found += score->second >= thresholds.min_score ? 1 : 0;
    sure += score->second >= thresholds.sure_score(label) ? 1 : 0;
  }
  print({"detect.sure_" + label, share(sure, shown), "of-photos"});
  return print({"detect.recall_" + label, share(found, shown), "of-photos", Goal::kAtLeast, goal});
}

struct Verdict {
  std::size_t photos = 0;
  std::size_t sold_wrong = 0;
  std::size_t asked = 0;
};

/// \param labelled whether to judge the photos that show something COCO has a label for.
Verdict judge_wrong_sales(const std::vector<Seen>& photos, bool labelled,
                          const Thresholds& thresholds) {
  Verdict verdict;
  for (const Seen& one : photos) {
    if (one.photo.label.empty() == labelled) continue;
    ++verdict.photos;
    const auto sold = std::ranges::any_of(one.best, [&](const auto& reading) {
      return reading.first != one.photo.label &&
             reading.second >= thresholds.sure_score(reading.first);
    });
    const auto asked = std::ranges::any_of(
        one.best, [&](const auto& reading) { return reading.second >= thresholds.min_score; });
    verdict.sold_wrong += sold ? 1 : 0;
    verdict.asked += !sold && asked ? 1 : 0;
  }
  return verdict;
}

bool report_grocery(const std::vector<Seen>& photos, const Thresholds& thresholds) {
  bool met = report_label(photos, "apple", 0.85, thresholds);
  met = report_label(photos, "banana", 0.95, thresholds) && met;
  met = report_label(photos, "orange", 0.95, thresholds) && met;
  met = report_label(photos, "carrot", 0.75, thresholds) && met;
  const Verdict without = judge_wrong_sales(photos, false, thresholds);
  met = print({"detect.no_class_sold_wrong", share(without.sold_wrong, without.photos, 100),
               "per-100-photos", Goal::kAtMost, 2}) &&
        met;
  print({"detect.no_class_asked", share(without.asked, without.photos, 100), "per-100-photos"});
  const Verdict with = judge_wrong_sales(photos, true, thresholds);
  print({"detect.labelled_sold_wrong", share(with.sold_wrong, with.photos, 100), "per-100-photos"});
  std::printf("# report half: %zu photos without a COCO label, %zu with one\n", without.photos,
              with.photos);
  return met;
}

Result<std::vector<Picture>> look_at_coco(const std::filesystem::path& folder,
                                          ModelManifest manifest) {
  // As networks are compared: without the till's own suppression across labels.
  manifest.thresholds.duplicate_iou = 1;
  const std::vector<std::string> labels = manifest.labels;
  TILLSIGHT_ASSIGN(const auto detector, permissive_detector(std::move(manifest)));
  std::ifstream file(folder / "instances.json");
  const auto instances = nlohmann::json::parse(file, nullptr, false);
  if (instances.is_discarded()) {
    return error(Code::kNotFound, "{}: no instances.json", folder.string());
  }
  std::map<int, Picture> pictures;
  for (const auto& image : instances["images"]) {
    TILLSIGHT_ASSIGN(pictures[image["id"]].detections,
                     detect_photo(*detector, folder / image["file_name"].get<std::string>()));
  }
  for (const auto& annotation : instances["annotations"]) {
    const auto edges = annotation["bbox"].get<std::vector<float>>();
    pictures[annotation["image_id"]].truths.push_back(
        {labels.at(annotation["category_id"].get<std::size_t>()),
         {edges.at(0), edges.at(1), edges.at(2), edges.at(3)},
         annotation["iscrowd"].get<int>() != 0});
  }
  std::vector<Picture> all;
  for (auto& [id, picture] : pictures) all.push_back(std::move(picture));
  return all;
}

// One line a label and threshold: photos of something else that would be sold as it, and photos of
// it that would be sold right.
void print_choices(const std::vector<Seen>& photos) {
  std::set<std::string> labels;
  std::map<std::string, std::size_t> shown;
  for (const Seen& one : photos) {
    for (const auto& [label, score] : one.best) labels.insert(label);
    ++shown[one.photo.label];
  }
  std::printf("# %zu photos, %zu of them without a COCO label\n", photos.size(), shown[""]);
  std::puts("# label: at threshold: sold wrong on photos without a label / sold right");
  for (const std::string& label : labels) {
    std::string line = format("{:>14}:", label);
    for (int percent = 20; percent <= 95; percent += 5) {
      const auto reached = [&](const std::string& photo_label) {
        return std::ranges::count_if(photos, [&](const Seen& one) {
          const auto score = one.best.find(label);
          return one.photo.label == photo_label && score != one.best.end() &&
                 score->second * 100 >= static_cast<float>(percent);
        });
      };
      line += format(" .{}: {}/{}", percent, reached(""), reached(label));
    }
    std::puts(line.c_str());
  }
}

Result<bool> run(const std::filesystem::path& data, bool choose) {
  TILLSIGHT_ASSIGN(const Setup setup, load_setup());
  TILLSIGHT_ASSIGN(const GroceryHalves halves, load_grocery_store(data / "photos/grocery-store"));
  TILLSIGHT_ASSIGN(const auto seen, look_at(choose ? halves.choose : halves.report, setup));
  if (choose) {
    print_choices(seen);
    return true;
  }
  const bool met = report_grocery(seen, setup.manifest.thresholds);
  TILLSIGHT_ASSIGN(const auto pictures, look_at_coco(data / "photos/coco", setup.manifest));
  print({"detect.coco_map50", mean_average_precision(pictures, 0.5f), "mAP"});
  print({"detect.coco_map", coco_average_precision(pictures), "mAP"});
  return met;
}

}  // namespace
}  // namespace tillsight::bench

int main(int argc, char** argv) {
  const char* environment = std::getenv("TILLSIGHT_DATA");
  std::filesystem::path data =
      environment != nullptr ? environment : std::string(source_dir()) + "/../shared/data";
  bool choose = false;
  for (int i = 1; i < argc; ++i) {
    if (std::string(argv[i]) == "--choose")
      choose = true;
    else
      data = argv[i];
  }
  const auto met = tillsight::bench::run(data, choose);
  if (!met.ok()) {
    std::fprintf(stderr, "detect_accuracy: %s\n", met.error().message().c_str());
    return 2;
  }
  return *met ? 0 : 1;
}
