// The test error of explicit ALS with the original's settings, for bench/als/spark_parity.py:
// explicit_rmse TRAIN TEST SEED, files of `customer item quantity` with numbers from 0 on.
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <vector>

#include "tillsight/als/explicit_als.hpp"

namespace {

std::vector<tillsight::als::Rating> read(const char* file) {
  std::ifstream in(file);
  std::vector<tillsight::als::Rating> ratings;
  for (tillsight::als::Rating next; in >> next.row >> next.column >> next.value;) {
    ratings.push_back(next);
  }
  return ratings;
}

}  // namespace

int main(int argc, char** argv) {
  using namespace tillsight::als;
  if (argc != 4) {
    std::fputs("usage: explicit_rmse TRAIN TEST SEED\n", stderr);
    return 2;
  }
  const std::vector<Rating> known = read(argv[1]);
  const std::vector<Rating> unseen = read(argv[2]);
  std::uint32_t rows = 0;
  std::uint32_t columns = 0;
  for (const Rating& rating : known) {
    rows = std::max(rows, rating.row + 1);
    columns = std::max(columns, rating.column + 1);
  }
  const auto matrix = Matrix::from(known, rows, columns);
  if (!matrix.ok()) return std::fprintf(stderr, "%s\n", matrix.error().message().c_str()), 1;
  const auto model = train(*matrix, ExplicitSettings{.seed = std::strtoull(argv[3], nullptr, 10)});
  if (!model.ok()) return std::fprintf(stderr, "%s\n", model.error().message().c_str()), 1;
  const RatingError error = rating_error(*model, *matrix, unseen);
  std::printf("%.6f %.6f %zu %zu\n", error.rmse, error.mae, error.counted, error.dropped);
  return 0;
}
