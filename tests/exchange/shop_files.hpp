/// \file
/// A head office on a folder of its own, and files that are imported into it.
#pragma once

#include <gtest/gtest.h>

#include <fstream>
#include <optional>
#include <string>
#include <string_view>

#include "tests/support/source_dir.hpp"
#include "tests/support/temp_dir.hpp"
#include "tillsight/core/fake_clock.hpp"
#include "tillsight/core/file.hpp"
#include "tillsight/exchange/import.hpp"

namespace tillsight::exchange {

class ShopFiles : public ::testing::Test {
 protected:
  ShopFiles() { open(); }

  void open() { store_.emplace(hub::HubStore::open(hub(), clock_, random_).value()); }

  std::filesystem::path hub() const { return dir_ / "hub"; }
  std::filesystem::path file(const std::string& name) const { return dir_.path() / name; }
  std::filesystem::path given(const std::string& name, std::string_view content) const {
    std::ofstream(file(name), std::ios::binary) << content;
    return file(name);
  }

  static Mapping shipped(const std::string& name) {
    return load_mapping(std::filesystem::path(source_dir()) / "config/mappings" / name).value();
  }
  static Mapping own(Form form) {
    Mapping mapping = own_mapping(form);
    mapping.source = "history";
    return mapping;
  }

  Result<ImportSummary> try_import(
      const std::filesystem::path& from, const Mapping& mapping,
      const GoOn& go_on = [](double) { return true; }) {
    return import_file({from, rejects()}, mapping, *store_, clock_, go_on);
  }
  ImportSummary import(const std::filesystem::path& from, const Mapping& mapping) {
    const auto summary = try_import(from, mapping);
    EXPECT_TRUE(summary.ok()) << summary.error().message();
    EXPECT_EQ(summary->rows, summary->stored + summary->already + summary->rejected);
    return *summary;
  }
  ImportSummary import_csv(std::string_view content) {
    return import(given("own.csv", content), own(Form::kCsv));
  }

  std::filesystem::path rejects() const { return dir_ / "rejects.csv"; }
  std::string rejected() const {
    const auto text = read_file(rejects());
    return text.ok() ? *text : "";
  }

  std::string text(std::string_view sql) const {
    auto db = hub::open_for_reading(hub(), hub::Persons::kShown).value();
    auto query = db.prepare(sql).value();
    EXPECT_TRUE(query.step().value()) << sql;
    return std::string(query.text(0));
  }
  std::int64_t number(std::string_view sql) const {
    auto db = hub::open_for_reading(hub(), hub::Persons::kShown).value();
    auto query = db.prepare(sql).value();
    EXPECT_TRUE(query.step().value()) << sql;
    return query.integer(0);
  }

  TempDir dir_;
  FakeClock clock_;
  SeededRandom random_{3};
  std::optional<hub::HubStore> store_;
};

}  // namespace tillsight::exchange
