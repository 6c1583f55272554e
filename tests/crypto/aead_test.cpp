// Goal: what is sealed opens again with the same key at the same place, and nothing else opens.
// Method: the published vectors of GCM with a 256-bit key (McGrew and Viega, cases 13, 14 and 16);
// then every single changed byte of a sealed text.
#include "tillsight/crypto/aead.hpp"

#include <gmock/gmock.h>

#include <algorithm>
#include <set>

namespace tillsight {
namespace {

using ::testing::HasSubstr;

/// \return the bytes that `hex` stands for.
std::string bytes(std::string_view hex) {
  std::string out;
  for (std::size_t i = 0; i + 1 < hex.size(); i += 2) {
    out += static_cast<char>(std::stoi(std::string(hex.substr(i, 2)), nullptr, 16));
  }
  return out;
}

std::string hex(std::string_view raw) {
  return to_hex(std::as_bytes(std::span(raw)));
}

aead::Nonce nonce(std::string_view hex_digits) {
  aead::Nonce nonce{};
  const std::string raw = bytes(hex_digits);
  std::ranges::transform(raw, nonce.begin(), [](char c) { return static_cast<std::byte>(c); });
  return nonce;
}

SecretKey key(std::string_view hex_digits) {
  return SecretKey(*digest_from_hex(hex_digits));
}

struct Vector {
  std::string_view key;
  std::string_view nonce;
  std::string_view plain;
  std::string_view associated;
  std::string_view sealed;
};

constexpr Vector kVectors[] = {
    {"0000000000000000000000000000000000000000000000000000000000000000", "000000000000000000000000",
     "", "", "530f8afbc74536b9a963b4f1c4cb738b"},
    {"0000000000000000000000000000000000000000000000000000000000000000", "000000000000000000000000",
     "00000000000000000000000000000000", "",
     "cea7403d4d606b6e074ec5d3baf39d18d0d1c8a799996bf0265b98b5d48ab919"},
    {"feffe9928665731c6d6a8f9467308308feffe9928665731c6d6a8f9467308308", "cafebabefacedbaddecaf888",
     "d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a72"
     "1c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b39",
     "feedfacedeadbeeffeedfacedeadbeefabaddad2",
     "522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa"
     "8cb08e48590dbb3da7b08b1056828838c5f61e6393ba7a0abcc9f662"
     "76fc6ece0f4e1768cddf8853bb2d551b"},
};

TEST(Aead, MatchesThePublishedVectors) {
  for (const Vector& vector : kVectors) {
    const std::string plain = bytes(vector.plain);
    const std::string sealed =
        aead::encrypt(key(vector.key), nonce(vector.nonce), plain, bytes(vector.associated));
    EXPECT_EQ(hex(sealed), vector.sealed);
    const auto opened =
        aead::decrypt(key(vector.key), nonce(vector.nonce), sealed, bytes(vector.associated));
    ASSERT_TRUE(opened.ok());
    EXPECT_EQ(*opened, plain);
  }
}

class SealedText : public ::testing::Test {
 protected:
  SeededRandom random_{7};
  const SecretKey key_{sha256("a key")};
};

TEST_F(SealedText, OpensAgainWhateverItHolds) {
  for (const std::size_t length : {0U, 1U, 2U, 3U, 31U, 32U, 33U, 1000U, 200'000U}) {
    const std::string plain(length, '\xc3');
    const std::string sealed = aead::seal(key_, plain, "place", random_);
    EXPECT_TRUE(aead::is_sealed(sealed));
    const auto opened = aead::open(key_, sealed, "place");
    ASSERT_TRUE(opened.ok()) << length << ": " << opened.error().message();
    EXPECT_EQ(*opened, plain);
  }
}

TEST_F(SealedText, IsAnotherOneEachTimeAndShowsNothing) {
  std::set<std::string> seen;
  for (int i = 0; i < 100; ++i) {
    const std::string sealed = aead::seal(key_, "+919876543210", "place", random_);
    EXPECT_THAT(sealed, ::testing::Not(HasSubstr("9876543210")));
    EXPECT_TRUE(seen.insert(sealed).second);
  }
}

TEST_F(SealedText, DoesNotOpenWithAnotherKeyOrAtAnotherPlace) {
  const std::string sealed = aead::seal(key_, "Asha", "S01/T01/1", random_);
  EXPECT_EQ(aead::open(SecretKey(sha256("another")), sealed, "S01/T01/1").error().code(),
            Code::kDataLoss);
  EXPECT_EQ(aead::open(key_, sealed, "S01/T01/2").error().code(), Code::kDataLoss);
  EXPECT_EQ(aead::open(key_, sealed, "").error().code(), Code::kDataLoss);
}

TEST_F(SealedText, DoesNotOpenWhenAnyCharacterIsChangedOrMissing) {
  const std::string sealed = aead::seal(key_, "Asha Rao", "place", random_);
  for (std::size_t i = 0; i < sealed.size(); ++i) {
    std::string changed = sealed;
    changed[i] = changed[i] == 'A' ? 'B' : 'A';
    EXPECT_FALSE(aead::open(key_, changed, "place").ok()) << "at " << i;
    EXPECT_FALSE(aead::open(key_, sealed.substr(0, i), "place").ok()) << "of length " << i;
  }
  for (const std::string_view odd :
       {"", "v1.", "v1.=", "v1.====", "v2.AAAA", "{\"phone\":\"1\"}"}) {
    EXPECT_EQ(aead::open(key_, odd, "place").error().code(), Code::kInvalidArgument) << odd;
  }
}

}  // namespace
}  // namespace tillsight
