// Goal: what docs/head-office.md promises to readers of the database is there, and nothing else is.
// Method: the page is read; its views are compared with the database's column by column, and its
// queries are run.
#include <gmock/gmock.h>

#include <algorithm>
#include <map>
#include <sstream>

#include "tests/hub/head_office.hpp"
#include "tests/support/source_dir.hpp"
#include "tillsight/core/file.hpp"

namespace tillsight::hub {
namespace {

using Columns = std::vector<std::string>;

std::string page() {
  return read_file(std::filesystem::path(source_dir()) / "docs/head-office.md").value();
}

/// What stands between each `open` and the next `close`.
std::vector<std::string> between(std::string_view text, std::string_view open,
                                 std::string_view close) {
  std::vector<std::string> found;
  for (std::size_t at = 0; (at = text.find(open, at)) != text.npos;) {
    at += open.size();
    const std::size_t end = std::min(text.find(close, at), text.size());
    found.emplace_back(text.substr(at, end - at));
    at = std::min(end + close.size(), text.size());
  }
  return found;
}

/// The names in back quotes in the first cell of each row under a heading "### v_…".
std::map<std::string, Columns> documented_views() {
  std::map<std::string, Columns> views;
  Columns* view = nullptr;
  std::istringstream lines(page());
  for (std::string line; std::getline(lines, line);) {
    if (line.starts_with("#")) view = line.starts_with("### v_") ? &views[line.substr(4)] : nullptr;
    if (view == nullptr || !line.starts_with("| `")) continue;
    const auto names = between(line.substr(0, line.find('|', 1)), "`", "`");
    view->insert(view->end(), names.begin(), names.end());
  }
  return views;
}

class Views : public HeadOffice {
 protected:
  Columns column_of_texts(const std::string& sql) const {
    auto db = open_for_reading(folder(), Persons::kHidden).value();
    auto rows = db.prepare(sql).value();
    Columns texts;
    while (rows.step().value()) texts.emplace_back(rows.text(0));
    return texts;
  }
};

TEST_F(Views, AreThoseOfThePage) {
  Columns documented;
  for (const auto& [view, columns] : documented_views()) documented.push_back(view);
  EXPECT_EQ(documented,
            column_of_texts("SELECT name FROM sqlite_schema WHERE type = 'view' ORDER BY name"));
}

TEST_F(Views, HaveTheColumnsOfThePageInItsOrder) {
  for (const auto& [view, columns] : documented_views()) {
    EXPECT_EQ(columns, column_of_texts("SELECT name FROM pragma_table_info('" + view + "')"))
        << view;
  }
}

TEST_F(Views, AnswerTheQueriesOfThePage) {
  const auto queries = between(page(), "```sql\n", "\n```");
  EXPECT_GE(queries.size(), 2u);
  auto db = open_for_reading(folder(), Persons::kHidden).value();
  for (const std::string& query : queries) EXPECT_TRUE(db.execute(query).ok()) << query;
}

}  // namespace
}  // namespace tillsight::hub
