// Goal: hashes are the standard's, whichever way the bytes come.
// Method: published test vectors (FIPS 180-4 examples, RFC 4231 case 2).
#include "tillsight/crypto/hash.hpp"

#include <gtest/gtest.h>

#include <fstream>

#include "tests/support/temp_dir.hpp"

namespace tillsight {
namespace {

TEST(Sha256, MatchesThePublishedVectors) {
  EXPECT_EQ(to_hex(sha256("")), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  EXPECT_EQ(to_hex(sha256("abc")),
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

TEST(Sha256, OfAFileIsThatOfItsBytes) {
  const TempDir dir;
  const auto file = dir / "bytes.bin";
  const std::string bytes(200'000, 'x');
  std::ofstream(file, std::ios::binary) << bytes;
  EXPECT_EQ(*sha256_of_file(file), sha256(bytes));
  EXPECT_EQ(sha256_of_file("/nowhere/model.pb").error().code(), Code::kNotFound);
}

TEST(Hmac, MatchesThePublishedVector) {
  EXPECT_EQ(to_hex(hmac_sha256("Jefe", "what do ya want for nothing?")),
            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
}

TEST(Hex, RoundTripsAndRefusesWhatIsNoDigest) {
  const Digest digest = sha256("till");
  EXPECT_EQ(*digest_from_hex(to_hex(digest)), digest);
  EXPECT_FALSE(digest_from_hex("abc").ok());
  EXPECT_FALSE(digest_from_hex(std::string(64, 'g')).ok());
}

TEST(RandomHex, SameSeedSameTextOtherSeedOther) {
  SeededRandom one(7);
  SeededRandom same(7);
  SeededRandom other(8);
  const std::string text = random_hex(one, 16);
  EXPECT_EQ(text.size(), 32u);
  EXPECT_EQ(text, random_hex(same, 16));
  EXPECT_NE(text, random_hex(other, 16));
}

}  // namespace
}  // namespace tillsight
