#include "tillsight/station/receipt_page.hpp"

#include <cairo/cairo-pdf.h>
#include <pango/pangocairo.h>

#include <algorithm>
#include <memory>
#include <utility>

#include "tillsight/domain/text.hpp"

namespace tillsight {
namespace {

constexpr double kPointsPerMm = 72.0 / 25.4;
constexpr const char* kFont = "DejaVu Sans Mono, Noto Sans Mono, monospace";

struct Free {
  void operator()(cairo_surface_t* surface) const { cairo_surface_destroy(surface); }
  void operator()(cairo_t* context) const { cairo_destroy(context); }
  void operator()(PangoLayout* layout) const { g_object_unref(layout); }
  void operator()(PangoFontDescription* font) const { pango_font_description_free(font); }
};
template <typename T>
using Owned = std::unique_ptr<T, Free>;

/// A line of the text, taken apart at its blanks.
struct Row {
  enum class Kind { kRule, kCentred, kSides } kind = Kind::kSides;
  int indent = 0;  ///< columns
  std::string left;
  std::string right;  ///< may be empty
  char rule = 0;
};

Row row_of(std::string_view line, int columns) {
  Row row;
  const std::size_t start = line.find_first_not_of(' ');
  if (start == std::string_view::npos) return row;
  if (line.size() >= 4 && (line[0] == '-' || line[0] == '=') &&
      line.find_first_not_of(line[0]) == std::string_view::npos) {
    row.kind = Row::Kind::kRule;
    row.rule = line[0];
    return row;
  }
  row.indent = static_cast<int>(start);
  const std::string_view said = line.substr(start);
  const std::size_t gap = said.find("  ");
  row.left = said.substr(0, gap);
  if (gap != std::string_view::npos) {
    row.right = said.substr(said.find_first_not_of(' ', gap));
  } else if (start >= 3 && std::abs(columns - display_width(said) - 2 * row.indent) <= 1) {
    row.kind = Row::Kind::kCentred;
  }
  return row;
}

Result<std::vector<Row>> rows_of(std::string_view text, int columns) {
  if (g_utf8_validate(text.data(), static_cast<gssize>(text.size()), nullptr) == FALSE) {
    return error(Code::kInvalidArgument, "receipt: the text is no UTF-8");
  }
  std::vector<Row> rows;
  while (!text.empty()) {
    if (rows.size() == kLinesMost) {
      return error(Code::kResourceExhausted, "receipt: more than {} lines", kLinesMost);
    }
    const std::size_t end = std::min(text.find('\n'), text.size());
    rows.push_back(row_of(text.substr(0, end), columns));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return rows;
}

/// Writes rows onto any surface; one unit is one dot of a printer.
class Page {
 public:
  Page(cairo_surface_t* surface, const PagePaper& paper)
      : context_(cairo_create(surface)),
        layout_(pango_cairo_create_layout(context_.get())),
        left_(paper.margin_mm * kPrinterDotsPerMm),
        right_((paper.width_mm - paper.margin_mm) * kPrinterDotsPerMm) {
    fit_font(paper.columns);
  }

  double height(const std::vector<Row>& rows) const {
    return 2 * kEdge + line_ * static_cast<double>(rows.size());
  }

  void draw(const std::vector<Row>& rows) {
    cairo_set_source_rgb(context_.get(), 1, 1, 1);
    cairo_paint(context_.get());
    cairo_set_source_rgb(context_.get(), 0, 0, 0);
    double top = kEdge;
    for (const Row& row : rows) {
      draw(row, top);
      top += line_;
    }
  }
  void scale(double factor) { cairo_scale(context_.get(), factor, factor); }

 private:
  static constexpr double kEdge = 3 * kPrinterDotsPerMm;
  static constexpr double kLineHeight = 1.25;

  /// A column is as wide as a letter of the font, so that the text fills the paper.
  void fit_font(int columns) {
    Owned<PangoFontDescription> font(pango_font_description_from_string(kFont));
    constexpr double kTry = 100;
    pango_font_description_set_absolute_size(font.get(), kTry * PANGO_SCALE);
    pango_layout_set_font_description(layout_.get(), font.get());
    const double letter = width("0000000000") / 10;
    column_ = (right_ - left_) / columns;
    const double size = kTry * column_ / letter;
    pango_font_description_set_absolute_size(font.get(), size * PANGO_SCALE);
    pango_layout_set_font_description(layout_.get(), font.get());
    line_ = size * kLineHeight;
  }

  double width(const std::string& text) const {
    pango_layout_set_text(layout_.get(), text.data(), static_cast<int>(text.size()));
    int units = 0;
    pango_layout_get_size(layout_.get(), &units, nullptr);
    return static_cast<double>(units) / PANGO_SCALE;
  }

  /// \param room what is too wide for it is squeezed rather than cut: it may be an amount.
  void put(const std::string& text, double left, double top, double room) {
    const double wide = width(text);
    const double base = pango_layout_get_baseline(layout_.get()) / double{PANGO_SCALE};
    cairo_save(context_.get());
    cairo_translate(context_.get(), left, top + line_ * 0.75 - base);
    if (wide > room && wide > 0) cairo_scale(context_.get(), room / wide, 1);
    pango_cairo_update_layout(context_.get(), layout_.get());
    pango_cairo_show_layout(context_.get(), layout_.get());
    cairo_restore(context_.get());
  }

  void draw(const Row& row, double top) {
    const double whole = right_ - left_;
    if (row.kind == Row::Kind::kRule) return rule(row.rule, top + line_ / 2);
    if (row.kind == Row::Kind::kCentred) {
      const double wide = std::min(width(row.left), whole);
      return put(row.left, left_ + (whole - wide) / 2, top, whole);
    }
    const double wide_right = row.right.empty() ? 0 : std::min(width(row.right), whole);
    const double indent = row.indent * column_;
    const double gap = row.right.empty() ? 0 : column_;
    if (!row.right.empty()) put(row.right, right_ - wide_right, top, whole);
    put(row.left, left_ + indent, top, whole - indent - wide_right - gap);
  }

  void rule(char kind, double middle) {
    cairo_set_line_width(context_.get(), kind == '=' ? 3 : 1);
    cairo_move_to(context_.get(), left_, middle);
    cairo_line_to(context_.get(), right_, middle);
    cairo_stroke(context_.get());
  }

  Owned<cairo_t> context_;
  Owned<PangoLayout> layout_;
  const double left_;
  const double right_;
  double column_ = 0;
  double line_ = 0;
};

cairo_status_t append(void* out, const unsigned char* bytes, unsigned int size) {
  static_cast<std::string*>(out)->append(reinterpret_cast<const char*>(bytes), size);
  return CAIRO_STATUS_SUCCESS;
}

int paper_dots(const PagePaper& paper) {
  return paper.width_mm * kPrinterDotsPerMm;
}

/// The paper is as long as what is on it, which a first page only measures.
int height_dots(const std::vector<Row>& rows, const PagePaper& paper) {
  const Owned<cairo_surface_t> nothing(cairo_image_surface_create(CAIRO_FORMAT_A8, 1, 1));
  return static_cast<int>(Page(nothing.get(), paper).height(rows)) + 1;
}

Status drawn(cairo_surface_t* surface) {
  const cairo_status_t status = cairo_surface_status(surface);
  if (status == CAIRO_STATUS_SUCCESS) return {};
  return error(Code::kResourceExhausted, "receipt: {}", cairo_status_to_string(status));
}

Result<Owned<cairo_surface_t>> picture(std::string_view text, const PagePaper& paper) {
  TILLSIGHT_ASSIGN(const std::vector<Row> rows, rows_of(text, paper.columns));
  Owned<cairo_surface_t> surface(
      cairo_image_surface_create(CAIRO_FORMAT_RGB24, paper_dots(paper), height_dots(rows, paper)));
  TILLSIGHT_TRY(drawn(surface.get()));
  Page(surface.get(), paper).draw(rows);
  cairo_surface_flush(surface.get());
  TILLSIGHT_TRY(drawn(surface.get()));
  return surface;
}

}  // namespace

Result<std::string> receipt_pdf(std::string_view text, const PagePaper& paper) {
  TILLSIGHT_ASSIGN(const std::vector<Row> rows, rows_of(text, paper.columns));
  constexpr double kPointsPerDot = kPointsPerMm / kPrinterDotsPerMm;
  std::string pdf;
  const Owned<cairo_surface_t> surface(cairo_pdf_surface_create_for_stream(
      append, &pdf, paper_dots(paper) * kPointsPerDot, height_dots(rows, paper) * kPointsPerDot));
  {
    Page page(surface.get(), paper);
    page.scale(kPointsPerDot);
    page.draw(rows);
  }
  cairo_surface_finish(surface.get());
  TILLSIGHT_TRY(drawn(surface.get()));
  return pdf;
}

Result<std::string> receipt_png(std::string_view text, const PagePaper& paper) {
  TILLSIGHT_ASSIGN(const Owned<cairo_surface_t> surface, picture(text, paper));
  std::string png;
  const cairo_status_t status = cairo_surface_write_to_png_stream(surface.get(), append, &png);
  if (status == CAIRO_STATUS_SUCCESS) return png;
  return error(Code::kResourceExhausted, "receipt: {}", cairo_status_to_string(status));
}

Result<Raster> receipt_raster(std::string_view text, const PagePaper& paper) {
  TILLSIGHT_ASSIGN(const Owned<cairo_surface_t> surface, picture(text, paper));
  const int margin = paper.margin_mm * kPrinterDotsPerMm;
  Raster raster;
  raster.width_dots = (paper_dots(paper) - 2 * margin) / 8 * 8;
  raster.height_dots = cairo_image_surface_get_height(surface.get());
  const unsigned char* const pixels = cairo_image_surface_get_data(surface.get());
  const auto stride = static_cast<std::size_t>(cairo_image_surface_get_stride(surface.get()));
  constexpr unsigned char kHalfGrey = 0x80;
  for (int y = 0; y < raster.height_dots; ++y) {
    const unsigned char* const row = pixels + static_cast<std::size_t>(y) * stride;
    for (int x = 0; x < raster.width_dots; x += 8) {
      unsigned int byte = 0;
      for (int bit = 0; bit < 8; ++bit) {
        const unsigned char blue = row[4 * static_cast<std::size_t>(margin + x + bit)];
        byte = byte << 1 | (blue < kHalfGrey ? 1U : 0U);
      }
      raster.bits.push_back(static_cast<std::uint8_t>(byte));
    }
  }
  return raster;
}

}  // namespace tillsight
