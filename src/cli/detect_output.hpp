/// \file
/// What `tillsight detect` prints and draws.
#pragma once

#include <filesystem>
#include <iosfwd>
#include <optional>
#include <set>
#include <span>
#include <string>

#include "tillsight/capture/frame.hpp"
#include "tillsight/core/result.hpp"
#include "tillsight/detect/manifest.hpp"
#include "tillsight/domain/catalogue.hpp"

namespace tillsight::cli {

struct PriceList {
  Catalogue catalogue;
  Currency currency;
};

/// Where drawings go. Never over the pictures they were made from.
class Drawing {
 public:
  /// \param out a .jpg or .png for one picture, else a folder, made if need be; empty: none.
  static Result<std::optional<Drawing>> plan(const std::filesystem::path& out,
                                             const std::filesystem::path& source);

  /// \return kInvalidArgument for a second picture where only one has a place.
  Result<std::filesystem::path> place_for(const Frame& frame);

 private:
  Drawing(std::filesystem::path out, bool one_picture) : out_(std::move(out)), one_(one_picture) {}

  std::filesystem::path out_;
  bool one_;
  int placed_ = 0;
  std::set<std::string> names_;
};

class DetectOutput {
 public:
  enum class Form { kTable, kJsonLines };

  /// \param to must outlive this.
  DetectOutput(Thresholds thresholds, std::optional<PriceList> prices,
               std::optional<Drawing> drawing, Form form, std::ostream& to);

  Status write(const Frame& frame, std::span<const Detection> detections);

 private:
  std::vector<const Product*> products(const Detection& detection) const;
  std::string price(const Detection& detection) const;
  std::string caption(const Detection& detection) const;
  std::string as_table(const Frame& frame, std::span<const Detection> detections) const;
  std::string as_json(const Frame& frame, std::span<const Detection> detections) const;
  Status draw(const Frame& frame, std::span<const Detection> detections);

  const Thresholds thresholds_;
  const std::optional<PriceList> prices_;
  std::optional<Drawing> drawing_;
  const Form form_;
  std::ostream& to_;
};

}  // namespace tillsight::cli
