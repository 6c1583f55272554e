// Goal: a receipt is the same on paper, as a page and as dots, in every script.
// Method: pages are drawn and looked at for ink where it belongs; printers' bytes are taken apart.
#include "tillsight/station/receipt_page.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tillsight/station/escpos.hpp"

namespace tillsight {
namespace {

using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

constexpr std::string_view kLatin =
    "            Tillsight Stores\n"
    "========================================\n"
    "Café crème\n"
    "  2 x 3.50                          7.00\n"
    "TOTAL EUR                           7.00\n";
constexpr std::string_view kHindi =
    "दूध\n"
    "  1 x 28.00                        28.00\n";

/// Black dots between two columns of dots, over the whole height.
int ink(const Raster& raster, int from, int to) {
  int dots = 0;
  for (int y = 0; y < raster.height_dots; ++y) {
    for (int x = from; x < to; ++x) {
      const std::size_t byte = static_cast<std::size_t>(y * raster.width_dots + x) / 8;
      dots += raster.bits[byte] >> (7 - x % 8) & 1;
    }
  }
  return dots;
}

TEST(ReceiptPage, IsAPdfAndAPng) {
  const auto pdf = receipt_pdf(kLatin);
  ASSERT_TRUE(pdf.ok());
  EXPECT_THAT(*pdf, StartsWith("%PDF-"));
  EXPECT_THAT(*pdf, EndsWith("%%EOF\n"));
  const auto png = receipt_png(kHindi);
  ASSERT_TRUE(png.ok());
  EXPECT_THAT(*png, StartsWith("\x89PNG\r\n"));
}

TEST(ReceiptPage, PutsAmountsAtTheRightEdge) {
  const auto raster = receipt_raster("Milk                               28.00\n");
  ASSERT_TRUE(raster.ok());
  const int width = raster->width_dots;
  EXPECT_EQ(width, 72 * kPrinterDotsPerMm);
  EXPECT_GT(ink(*raster, 0, width / 8), 0);
  EXPECT_EQ(ink(*raster, width / 4, width * 3 / 4), 0);
  EXPECT_GT(ink(*raster, width - width / 20, width), 0);
}

TEST(ReceiptPage, CentresWhatIsCentred) {
  const auto raster = receipt_raster("                  SHOP\n");
  ASSERT_TRUE(raster.ok());
  const int width = raster->width_dots;
  EXPECT_EQ(ink(*raster, 0, width * 2 / 5), 0);
  EXPECT_EQ(ink(*raster, width * 3 / 5, width), 0);
  EXPECT_GT(ink(*raster, width * 2 / 5, width * 3 / 5), 0);
}

TEST(ReceiptPage, SqueezesWhatIsTooWideRatherThanLosingTheAmount) {
  const auto raster = receipt_raster(std::string(39, 'W') + "  123456789.00\n");
  ASSERT_TRUE(raster.ok());
  EXPECT_GT(ink(*raster, raster->width_dots * 7 / 8, raster->width_dots), 0);
}

TEST(ReceiptPage, IsAsLongAsItsText) {
  const auto one = receipt_raster("a\n");
  const auto ten = receipt_raster("a\nb\nc\nd\ne\nf\ng\nh\ni\nj\n");
  ASSERT_TRUE(one.ok() && ten.ok());
  EXPECT_GT(ten->height_dots, one->height_dots + 9 * 2 * kPrinterDotsPerMm);
  EXPECT_EQ(ten->bits.size(), static_cast<std::size_t>(ten->height_dots * ten->width_dots / 8));
}

TEST(ReceiptPage, RefusesWhatIsNoTextAndWhatIsTooLong) {
  EXPECT_EQ(receipt_png("\xff\xfe").error().code(), Code::kInvalidArgument);
  EXPECT_EQ(receipt_pdf(std::string(kLinesMost + 1, '\n')).error().code(),
            Code::kResourceExhausted);
}

TEST(EscPos, PrintsLettersThatThePrinterHas) {
  const auto bytes = escpos(kLatin);
  ASSERT_TRUE(bytes.ok());
  EXPECT_THAT(*bytes, StartsWith("\x1b@\x1bt\x13"));
  EXPECT_THAT(*bytes, HasSubstr("Caf\x82 cr\x8ame\n"));
  EXPECT_THAT(*bytes, HasSubstr("\x1dV\x42"));
  EXPECT_THAT(*bytes, Not(HasSubstr("\x1dv0")));
}

TEST(EscPos, DrawsWhatThePrinterHasNoLettersFor) {
  const auto bytes = escpos(kHindi);
  const auto raster = receipt_raster(kHindi);
  ASSERT_TRUE(bytes.ok() && raster.ok());
  EXPECT_THAT(*bytes, Not(HasSubstr("28.00")));
  // Bands of `GS v 0 m xL xH yL yH` that together are the whole picture.
  std::size_t rows = 0;
  std::size_t at = 2;
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>((*bytes)[i]); };
  while (bytes->compare(at, 3, "\x1dv0") == 0) {
    const std::size_t row_bytes = byte(at + 4) + 256U * byte(at + 5);
    const std::size_t band = byte(at + 6) + 256U * byte(at + 7);
    EXPECT_EQ(row_bytes * 8, static_cast<std::size_t>(raster->width_dots));
    rows += band;
    at += 8 + row_bytes * band;
  }
  EXPECT_EQ(rows, static_cast<std::size_t>(raster->height_dots));
  EXPECT_EQ(bytes->substr(at, 3),
            "\x1b"
            "d\x04");
}

TEST(EscPos, CodePageIsExact) {
  EXPECT_EQ(to_code_page_858("aé€ÿ…\t"), "a\x82\xd5\x98. ");
  EXPECT_EQ(to_code_page_858("₹"), std::nullopt);
  EXPECT_EQ(to_code_page_858("\xc3"), std::nullopt);
  EXPECT_EQ(to_code_page_858("😀"), std::nullopt);
}

TEST(EscPos, ReadsWhatThePrinterSaysOfItsPaper) {
  EXPECT_FALSE(paper_is_out(0x12));
  EXPECT_FALSE(paper_is_out(0x1e));  // nearly
  EXPECT_TRUE(paper_is_out(0x72));
  EXPECT_TRUE(paper_is_out(0x7e));
  EXPECT_FALSE(paper_is_out(0xff));  // no answer to this question
}

}  // namespace
}  // namespace tillsight
