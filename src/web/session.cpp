#include "web/session.hpp"

#include "tillsight/core/format.hpp"
#include "tillsight/crypto/hash.hpp"

namespace tillsight::web {
namespace {

constexpr std::size_t kIdBytes = 16;

}  // namespace

Sessions::Sessions(const SecretKey& key, Random& random)
    : key_(key.derive("tillsight page v1")),
      random_(random),
      start_key_(random_hex(random, kIdBytes)) {}

std::optional<std::string> Sessions::open(std::string_view start_key) {
  if (!same_secret(start_key, start_key_)) return std::nullopt;
  start_key_ = random_hex(random_, kIdBytes);
  const std::string id = random_hex(random_, kIdBytes);
  return id + "." + mac("session", id);
}

bool Sessions::holds(std::string_view cookie) const {
  const std::size_t dot = cookie.find('.');
  if (dot != 2 * kIdBytes) return false;
  return same_secret(cookie.substr(dot + 1), mac("session", cookie.substr(0, dot)));
}

std::string Sessions::token(std::string_view cookie) const {
  return mac("token", cookie.substr(0, 2 * kIdBytes));
}

std::string Sessions::mac(std::string_view use, std::string_view id) const {
  return to_hex(hmac_sha256(key_.bytes(), format("{} {}", use, id)));
}

bool same_secret(std::string_view a, std::string_view b) {
  if (a.size() != b.size()) return false;
  unsigned difference = 0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    difference |= static_cast<unsigned char>(a[i]) ^ static_cast<unsigned char>(b[i]);
  }
  return difference == 0;
}

}  // namespace tillsight::web
