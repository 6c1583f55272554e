// Goal: what docs/head-office.md promises to readers of the database is there, and nothing else is.
// Method: the page is read; its views are compared with the database's column by column, and its
// queries are run.
#include <gmock/gmock.h>

#include <map>
#include <regex>
#include <sstream>

#include "tests/hub/head_office.hpp"
#include "tillsight/core/file.hpp"

namespace tillsight::hub {
namespace {

using Columns = std::vector<std::string>;

std::string page() {
  return read_file(std::filesystem::path(TILLSIGHT_SOURCE_DIR) / "docs/head-office.md").value();
}

/// The names in back quotes in the first cell of each row under a heading "### v_…".
std::map<std::string, Columns> documented_views() {
  static const std::regex kQuoted("`([a-z_]+)`");
  std::map<std::string, Columns> views;
  Columns* view = nullptr;
  std::istringstream lines(page());
  for (std::string line; std::getline(lines, line);) {
    if (line.starts_with("#")) view = line.starts_with("### v_") ? &views[line.substr(4)] : nullptr;
    if (view == nullptr || !line.starts_with("| `")) continue;
    const std::string cell = line.substr(0, line.find('|', 1));
    for (std::sregex_iterator name(cell.begin(), cell.end(), kQuoted), end; name != end; ++name) {
      view->push_back((*name)[1]);
    }
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
  static const std::regex kQuery("```sql\n([^`]+)\n```");
  const std::string text = page();
  int queries = 0;
  auto db = open_for_reading(folder(), Persons::kHidden).value();
  for (std::sregex_iterator query(text.begin(), text.end(), kQuery), end; query != end; ++query) {
    const Status run = db.execute((*query)[1].str());
    EXPECT_TRUE(run.ok()) << (*query)[1];
    ++queries;
  }
  EXPECT_GE(queries, 2);
}

}  // namespace
}  // namespace tillsight::hub
