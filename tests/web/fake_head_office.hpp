/// \file
/// A head office of a few words, for tests of what stands before it.
#pragma once

#include <atomic>
#include <mutex>

#include "tillsight/web/hub_server.hpp"

namespace tillsight::web {

inline std::string token_text(std::string_view name) {
  return format("tillsight_{}", name);
}

class FakeHeadOffice final : public HubPort {
 public:
  FakeHeadOffice() {
    holders_ = {{1, "reader", Scope::kRead, sha256(token_text("reader"))},
                {2, "boss", Scope::kPersons, sha256(token_text("boss"))}};
  }

  Result<std::vector<TokenHolder>> holders() override {
    const std::lock_guard lock(mutex_);
    if (broken) return unavailable();
    return holders_;
  }
  Result<HubAnswer> answer(const HubQuestion& question) override {
    if (untrained && question.about == "recommendations") {
      return error(Code::kNotFound, "nothing was trained here yet");
    }
    if (question.parameters.contains("wrong")) {
      return error(Code::kInvalidArgument, "wrong: is wrong; leave it out").with_id("wrong");
    }
    if (question.about.ends_with("/nothing")) return error(Code::kNotFound, "there is none");
    HubAnswer answer;
    answer.text = question.about + " " + std::string(2'000, 'x') + "\n";
    answer.names_persons = question.parameters.contains("persons");
    answer.next = "7";
    if (question.parameters.contains("long")) answer.rest = std::make_unique<Long>(*this);
    return answer;
  }
  Result<std::vector<HubNews>> news(std::int64_t after, int count_max) override {
    std::vector<HubNews> news;
    for (std::int64_t i = after + 1; i <= newest_ && std::ssize(news) < count_max; ++i) {
      news.push_back({i, format("{{\"cursor\":{}}}", i)});
    }
    return news;
  }
  Result<std::int64_t> newest() override { return newest_.load(); }
  Status record_person_read(const std::string& who, const std::string& what) override {
    if (unrecorded) return unavailable();
    const std::lock_guard lock(mutex_);
    reads.push_back(who + ": " + what);
    return {};
  }
  void mark_used(std::int64_t id) override {
    const std::lock_guard lock(mutex_);
    used.push_back(id);
  }
  Result<std::string> metrics() override { return std::string("tills 1\n"); }

  void revoke(std::int64_t id) {
    const std::lock_guard lock(mutex_);
    std::erase_if(holders_, [id](const TokenHolder& one) { return one.id == id; });
  }
  void sell(std::int64_t newest) { newest_ = newest; }

  std::atomic<bool> broken{false};
  std::atomic<bool> untrained{false};
  std::atomic<bool> unrecorded{false};
  std::atomic<int> long_left{0};  ///< pieces of a long text
  std::atomic<bool> long_breaks{false};
  std::vector<std::string> reads;
  std::vector<std::int64_t> used;

 private:
  class Long final : public TextSource {
   public:
    explicit Long(FakeHeadOffice& office) : office_(office) {}
    Result<std::string> next() override {
      if (office_.long_left == 0) {
        if (office_.long_breaks) return unavailable();
        return std::string();
      }
      --office_.long_left;
      return std::string(50'000, 'y');
    }

   private:
    FakeHeadOffice& office_;
  };

  static Error unavailable() { return {Code::kUnavailable, "the disk does not answer"}; }

  std::mutex mutex_;
  std::vector<TokenHolder> holders_;
  std::atomic<std::int64_t> newest_{3};
};

}  // namespace tillsight::web
