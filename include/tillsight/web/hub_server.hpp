/// \file
/// Head office's face: the dashboard for people, `/api/v1` for programs, metrics.
///
/// What is served, with every parameter and status, is docs/openapi.yaml; how to use it,
/// docs/api.md; who is let in, docs/security.md. A program brings a bearer token with each request;
/// the page exchanges one for a cookie.
///
/// **Threads** the server is thread-safe. The port is called on the server's workers, several at a
/// time. **Errors** kUnavailable if the address is taken, kFailedPrecondition for files that a
/// person must mend, kInvalidArgument for an address that is none, or that others can reach without
/// HTTPS.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "tillsight/core/clock.hpp"
#include "tillsight/core/random.hpp"
#include "tillsight/core/result.hpp"
#include "tillsight/crypto/hash.hpp"

namespace tillsight::web {

/// Each may what the ones before it may.
enum class Scope { kRead, kPersons, kAdmin };

/// A token that holds now.
struct TokenHolder {
  std::int64_t id = 0;
  std::string name;
  Scope scope = Scope::kRead;
  Digest hash{};  ///< SHA-256 of the token's text
};

enum class Form { kJson, kJsonLines, kCsv };

/// What is asked of head office's data.
struct HubQuestion {
  std::string about;  ///< "invoices", "reports", "reports/busiest-days", "today", "customers/…"
  std::map<std::string, std::string> parameters;  ///< as the caller wrote them, without `format`
  Form form = Form::kJson;
};

/// A text that is too long to be held at once.
class TextSource {
 public:
  virtual ~TextSource() = default;
  /// \return some more of it; empty: that was all.
  virtual Result<std::string> next() = 0;
};

struct HubAnswer {
  std::string text;
  std::unique_ptr<TextSource> rest{};  ///< what follows `text`; none: nothing
  std::string next{};                  ///< cursor to go on after
  bool more = false;                   ///< and whether something is there now
  bool names_persons = false;          ///< it may be shown to few, and only once that is on record
};

/// An invoice as it came.
struct HubNews {
  std::int64_t cursor = 0;
  std::string json;  ///< one line
};

/// What the server needs of head office.
class HubPort {
 public:
  virtual ~HubPort() = default;

  virtual Result<std::vector<TokenHolder>> holders() = 0;
  /// \return kInvalidArgument with the parameter as its id, kNotFound.
  virtual Result<HubAnswer> answer(const HubQuestion& question) = 0;
  /// \return what came after the cursor, `count_max` at most.
  virtual Result<std::vector<HubNews>> news(std::int64_t after, int count_max) = 0;
  /// \return the cursor of the newest invoice; 0: none.
  virtual Result<std::int64_t> newest() = 0;
  /// Durable when it returns ok.
  virtual Status record_person_read(const std::string& who, const std::string& what) = 0;
  virtual void mark_used(std::int64_t token_id) = 0;
  /// In Prometheus' form.
  virtual Result<std::string> metrics() = 0;
};

struct HubWebSettings {
  std::string address = "127.0.0.1";
  int port = 0;  ///< 0: one that is free
  /// Names and addresses, without ports, under which it is asked; empty: those of the certificate,
  /// and this machine's own.
  std::vector<std::string> hosts{};
  std::filesystem::path certificate_file{};  ///< PEM; empty: HTTP, for this machine alone
  std::filesystem::path key_file{};
  std::filesystem::path session_key_file;  ///< of the page's sessions; made if it is not there
};

/// A request that is served: for who writes the OpenAPI page, and the test that compares them.
struct HubRoute {
  std::string_view method;
  std::string_view path;  ///< "/api/v1/reports/{name}"
};
std::span<const HubRoute> hub_routes();

class HubServer {
 public:
  /// Listens at once. \param port, clock, random must outlive it.
  static Result<std::unique_ptr<HubServer>> start(const HubWebSettings& settings, HubPort& port,
                                                  const Clock& clock, Random& random);
  ~HubServer();
  HubServer(const HubServer&) = delete;
  HubServer& operator=(const HubServer&) = delete;

  int port() const;
  /// Something was stored: streams look for it.
  void wake();
  /// Cuts off who has sent no whole request in ten seconds, and lets streams show that they live;
  /// call it every second or so.
  void sweep();

 private:
  class Impl;
  explicit HubServer(std::unique_ptr<Impl> impl);

  const std::unique_ptr<Impl> impl_;
};

}  // namespace tillsight::web
