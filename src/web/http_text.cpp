#include "web/http_text.hpp"

#include <zlib.h>

#include <algorithm>
#include <array>
#include <charconv>

#include "tillsight/core/check.hpp"
#include "tillsight/crypto/hash.hpp"

namespace tillsight::web {
namespace {

constexpr std::size_t kWorthCompressingBytes = 1024;
constexpr int kGzipWindow = 15 + 16;  // 16: with gzip's own header
constexpr int kGzipLevel = 5;

struct MediaType {
  std::string_view name;
  Form form;
};
constexpr std::array<MediaType, 8> kMediaTypes = {{
    {"application/json", Form::kJson},
    {"text/csv", Form::kCsv},
    {"application/jsonl", Form::kJsonLines},
    {"application/x-ndjson", Form::kJsonLines},
    {"application/json-lines", Form::kJsonLines},
    {"application/*", Form::kJson},
    {"text/*", Form::kCsv},
    {"*/*", Form::kJson},
}};

std::string_view trimmed(std::string_view text) {
  const auto from = text.find_first_not_of(" \t");
  if (from == std::string_view::npos) return {};
  return text.substr(from, text.find_last_not_of(" \t") - from + 1);
}

/// Calls `each` with every member of a list and its weight.
template <typename Each>
void for_each_weighted(std::string_view list, Each each) {
  while (!list.empty()) {
    const std::size_t comma = std::min(list.find(','), list.size());
    const std::string_view member = list.substr(0, comma);
    list.remove_prefix(std::min(comma + 1, list.size()));
    const std::size_t semicolon = std::min(member.find(';'), member.size());
    double weight = 1;
    if (const auto q = member.find("q=", semicolon); q != std::string_view::npos) {
      std::from_chars(member.data() + q + 2, member.data() + member.size(), weight);
    }
    each(trimmed(member.substr(0, semicolon)), weight);
  }
}

std::string_view title(int status) {
  switch (status) {
    case 400: return "Bad Request";
    case 401: return "Unauthorized";
    case 403: return "Forbidden";
    case 404: return "Not Found";
    case 405: return "Method Not Allowed";
    case 406: return "Not Acceptable";
    case 409: return "Conflict";
    case 421: return "Misdirected Request";
    case 429: return "Too Many Requests";
    case 500: return "Internal Server Error";
    default: return "Service Unavailable";
  }
}

/// As RFC 3629 has it, but for surrogates and overlong forms, which do nobody harm in a message.
bool is_utf8(std::string_view text) {
  int follow = 0;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    const bool continues = (byte & 0xC0U) == 0x80U;
    if (continues != (follow > 0)) return false;
    if (continues) {
      --follow;
    } else if (byte >= 0x80) {
      follow = byte >= 0xF0 ? 3 : byte >= 0xE0 ? 2 : 1;
      if (byte < 0xC2 || byte > 0xF4) return false;
    }
  }
  return follow == 0;
}

/// zlib's state for one text.
class Gzip {
 public:
  Gzip() {
    TILLSIGHT_CHECK(
        deflateInit2(&state_, kGzipLevel, Z_DEFLATED, kGzipWindow, 8, Z_DEFAULT_STRATEGY) == Z_OK,
        "no memory for zlib");
  }
  ~Gzip() { deflateEnd(&state_); }
  Gzip(const Gzip&) = delete;
  Gzip& operator=(const Gzip&) = delete;

  /// \return what has come out so far.
  std::string add(std::string_view text, bool last) {
    std::string out;
    std::array<char, 16 * 1024> block;
    state_.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(text.data()));
    state_.avail_in = static_cast<uInt>(text.size());
    do {
      state_.next_out = reinterpret_cast<Bytef*>(block.data());
      state_.avail_out = static_cast<uInt>(block.size());
      deflate(&state_, last ? Z_FINISH : Z_NO_FLUSH);
      out.append(block.data(), block.size() - state_.avail_out);
    } while (state_.avail_out == 0);
    return out;
  }

 private:
  z_stream state_{};
};

class GzipStream final : public HttpStream {
 public:
  explicit GzipStream(std::unique_ptr<HttpStream> plain) : plain_(std::move(plain)) {}
  std::string next() override {
    std::string out;
    while (out.empty() && !finished_) {
      const std::string text = plain_->next();
      finished_ = plain_->over() || plain_->broken();
      out = gzip_.add(text, finished_);
    }
    return out;
  }
  bool over() const override { return finished_; }
  bool broken() const override { return plain_->broken(); }
  bool ends() const override { return true; }

 private:
  const std::unique_ptr<HttpStream> plain_;
  Gzip gzip_;
  bool finished_ = false;
};

}  // namespace

std::optional<Form> wanted_form(const HttpRequest& request) {
  if (const auto format = request.query.find("format"); format != request.query.end()) {
    if (format->second == "json") return Form::kJson;
    if (format->second == "jsonl") return Form::kJsonLines;
    if (format->second == "csv") return Form::kCsv;
    return std::nullopt;
  }
  const std::string& accept = request.header("accept");
  if (accept.empty()) return Form::kJson;
  std::optional<Form> wanted;
  double best = 0;
  for_each_weighted(accept, [&](std::string_view name, double weight) {
    const auto known = std::ranges::find(kMediaTypes, name, &MediaType::name);
    if (known == kMediaTypes.end() || weight <= best) return;
    best = weight;
    wanted = known->form;
  });
  return wanted;
}

std::string_view content_type(Form form) {
  switch (form) {
    case Form::kJson: return "application/json";
    case Form::kJsonLines: return "application/jsonl";
    case Form::kCsv: return "text/csv; charset=utf-8; header=present";
  }
  return "application/json";
}

bool accepts_gzip(const HttpRequest& request) {
  bool accepted = false;
  for_each_weighted(request.header("accept-encoding"), [&](std::string_view name, double weight) {
    if (name == "gzip" || name == "*") accepted = weight > 0;
  });
  return accepted;
}

void compress(const HttpRequest& request, HttpReply& reply) {
  const bool worth =
      reply.stream != nullptr ? reply.stream->ends() : reply.body.size() >= kWorthCompressingBytes;
  if (!worth) return;
  reply.headers.emplace_back("Vary", "Accept, Accept-Encoding");
  if (!accepts_gzip(request)) return;
  reply.headers.emplace_back("Content-Encoding", "gzip");
  if (reply.stream != nullptr) {
    reply.stream = std::make_unique<GzipStream>(std::move(reply.stream));
  } else {
    reply.body = Gzip().add(reply.body, true);
  }
}

std::string unpacked(std::string_view packed) {
  z_stream state{};
  TILLSIGHT_CHECK(inflateInit2(&state, kGzipWindow) == Z_OK, "no memory for zlib");
  state.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(packed.data()));
  state.avail_in = static_cast<uInt>(packed.size());
  std::string text;
  std::array<char, 16 * 1024> block;
  for (int code = Z_OK; code == Z_OK;) {
    state.next_out = reinterpret_cast<Bytef*>(block.data());
    state.avail_out = static_cast<uInt>(block.size());
    code = inflate(&state, Z_NO_FLUSH);
    text.append(block.data(), block.size() - state.avail_out);
  }
  inflateEnd(&state);
  return text;
}

void validate(const HttpRequest& request, HttpReply& reply) {
  if (reply.stream != nullptr || reply.status != 200) return;
  // Weak: the same text may come compressed or not.
  const std::string tag = format("W/\"{}\"", to_hex(sha256(reply.body)).substr(0, 32));
  reply.headers.emplace_back("ETag", tag);
  const std::string& have = request.header("if-none-match");
  if (have != "*" && have.find(tag) == std::string::npos) return;
  reply.status = 304;
  reply.body.clear();
}

HttpReply problem(int status, std::string_view detail, std::string_view parameter) {
  std::string body = format("{{\"title\":\"{}\",\"status\":{},\"detail\":{}", title(status), status,
                            json_string(detail));
  if (!parameter.empty()) body += format(",\"parameter\":{}", json_string(parameter));
  HttpReply reply{status,
                  {{"Content-Type", "application/problem+json"}, {"Cache-Control", "no-store"}},
                  body + "}\n",
                  {}};
  if (status == 401) reply.headers.emplace_back("WWW-Authenticate", "Bearer realm=\"tillsight\"");
  if (status == 429) reply.headers.emplace_back("Retry-After", "60");
  if (status == 503) reply.headers.emplace_back("Retry-After", "2");
  return reply;
}

HttpReply problem(const Error& error) {
  switch (error.code()) {
    case Code::kInvalidArgument: return problem(400, error.message(), error.id());
    case Code::kNotFound: return problem(404, error.message());
    case Code::kAlreadyExists: return problem(409, error.message());
    case Code::kUnavailable:
    case Code::kAborted:
    case Code::kResourceExhausted:
    case Code::kCancelled: return problem(503, error.message());
    case Code::kFailedPrecondition:
    case Code::kDataLoss: break;
  }
  return problem(500, error.message());
}

std::string json_string(std::string_view text) {
  const bool valid = is_utf8(text);
  std::string json = "\"";
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') {
      json += '\\';
      json += c;
    } else if (byte < ' ') {
      json += format("\\u{:04x}", byte);
    } else {
      json += byte >= 0x80 && !valid ? '?' : c;
    }
  }
  return json + '"';
}

}  // namespace tillsight::web
