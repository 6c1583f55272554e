/// \file
/// What customers may want, as a training found it: the versions of it that head office keeps.
///
/// They stand in `recommend.db`, beside the other two databases: customers by pseudonym, items by
/// SKU, with the model's measures; nothing in it names anybody, and all of it can be trained again
/// (docs/adr/0027-recommendations.md). One version is in use. A new one takes its place in one
/// transaction, with all its lists; the one before it is kept and can be taken back.
///
/// **Errors** kNotFound: nothing was trained here yet. kDataLoss: the file is not what was written;
/// delete it and train again. kFailedPrecondition: it is of another version of Tillsight.
/// **Example** tests/hub/recommendations_test.cpp
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "tillsight/core/clock.hpp"
#include "tillsight/core/result.hpp"
#include "tillsight/sql/connection.hpp"

namespace tillsight::hub {

inline constexpr std::string_view kRecommendFile = "recommend.db";
/// Versions that are kept, the one in use among them.
inline constexpr int kModelsKept = 3;
/// Items in a list at most.
inline constexpr int kRecommendedMost = 10;

/// A model in words and figures.
struct ModelFacts {
  std::int64_t version = 0;  ///< counts up from 1; given by the store
  std::string made_at;       ///< ISO 8601; given by the store
  std::string title;         ///< "EASE + bought before"
  std::string settings;
  std::string judged;  ///< "all" or "new": what it was chosen by
  double ndcg20 = 0;   ///< on the test days, with its interval
  double ndcg20_low = 0;
  double ndcg20_high = 0;
  std::string baseline;  ///< the best simple one
  double baseline_ndcg20 = 0;
  std::string learnt_to;    ///< the last business day that it knows
  std::int64_t cursor = 0;  ///< the newest invoice that it knows
  std::int64_t customers = 0;
  std::int64_t items = 0;
  bool in_use = false;  ///< given by the store
};

/// What is recommended to nobody, nor named as a reason.
struct LeftOut {
  std::vector<std::string> aisles{};
  std::vector<std::string> items{};  ///< SKUs
  bool operator==(const LeftOut&) const = default;
};

struct NewModel {
  struct Item {
    std::string sku;
    std::string name;
    std::string aisle{};
  };
  struct Place {
    std::uint32_t item = 0;  ///< number in `items`
    double score = 0;
    std::int64_t because = -1;  ///< number of the bought item that speaks most for it; -1: unknown
  };
  struct List {
    std::string customer;  ///< pseudonym; empty: for whoever is not known
    std::vector<Place> places;
  };
  ModelFacts facts;
  std::vector<Item> items;  ///< the training's numbers of items
  std::vector<List> lists;  ///< each customer once, at most kRecommendedMost places
  /// Takes the place of what was left out before; none: that stays.
  std::optional<LeftOut> left_out{};
};

struct Recommended {
  std::string sku;
  std::string item;
  double score = 0;
  std::string because;  ///< an item's name; empty: unknown
};

/// Who writes does so for seconds at most; the thread that stores sales must not even wait for
/// that.
enum class WhileOthersWrite { kWait, kGiveUp };

/// **Threads** thread-bound. **Ownership** while it lives nobody else writes there, so it is opened
/// for one call and let go.
class RecommendationStore {
 public:
  /// Makes the file if there is none.
  /// \return kAborted if another writes and is not waited for.
  static Result<RecommendationStore> open(const std::filesystem::path& hub_folder,
                                          WhileOthersWrite others = WhileOthersWrite::kWait);

  /// The model is durable and in use when it returns; after any error the one before is. Customers
  /// that hub.db does not know (any more: erased meanwhile) are left out.
  /// \return the version. kInvalidArgument for numbers that no item has, or no list at all.
  Result<std::int64_t> put_in_use(const NewModel& model, UtcTime now);
  /// From now on these are in nobody's list, of whichever version. Writes only what is new.
  /// \return whether it was. An aisle counts for versions that were trained since aisles are kept.
  Result<bool> leave_out(const LeftOut& left_out);
  /// The version before the one in use is in use again, and the one after it is gone.
  /// \return it. kFailedPrecondition if there is none.
  Result<ModelFacts> roll_back();
  /// Nothing of this customer is left in the file or its log.
  Status erase(std::string_view customer);

  RecommendationStore(RecommendationStore&&) noexcept;
  ~RecommendationStore();

 private:
  struct Parts;
  explicit RecommendationStore(std::unique_ptr<Parts> parts);

  std::unique_ptr<Parts> parts_;
};

/// Reads over a connection of its own, also while another writes. **Threads** thread-bound.
class Recommendations {
 public:
  static Result<Recommendations> open(const std::filesystem::path& hub_folder);

  /// Newest first. Not empty.
  Result<std::vector<ModelFacts>> versions();
  /// \param customer a pseudonym. \return what is in use for them, best first and without what is
  /// left out; for who is not known to it what suits most.
  Result<std::vector<Recommended>> of(std::string_view customer, int count);
  /// In order of their names, each once.
  Result<LeftOut> left_out();
  /// Whether the model in use knows this pseudonym.
  Result<bool> knows(std::string_view customer);

 private:
  explicit Recommendations(sql::Connection db) : db_(std::move(db)) {}
  sql::Connection db_;
};

/// Lets `db`, a connection that reads, read the file as `recommend`.
/// \return kNotFound if nothing was trained here yet.
Status attach_recommendations(sql::Connection& db, const std::filesystem::path& hub_folder);

}  // namespace tillsight::hub
