// Goal: a key is its owner's alone, is made once, and a file that is not right is named together
// with what to do; what is derived depends on the label alone.
// Method: real files with real permissions; a credentials folder as systemd makes it.
#include "tillsight/crypto/keys.hpp"

#include <gmock/gmock.h>

#include <cstdlib>
#include <fstream>

#include "tests/support/temp_dir.hpp"
#include "tillsight/core/file.hpp"

namespace tillsight {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;
using ::testing::Not;

constexpr std::string_view kDigits =
    "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff";

std::string hex(const SecretKey& key) {
  return to_hex(std::as_bytes(std::span(key.bytes())));
}

class KeyFile : public ::testing::Test {
 protected:
  ~KeyFile() override { ::unsetenv("CREDENTIALS_DIRECTORY"); }

  void write(std::string_view content, fs::perms perms = fs::perms::owner_read) {
    ASSERT_TRUE(write_file_atomically(file_, content).ok());
    fs::permissions(file_, perms);
  }

  const TempDir folder_;
  const fs::path file_ = folder_ / "chain.key";
  SeededRandom random_{3};
};

TEST_F(KeyFile, IsMadeOnceForItsOwnerAlone) {
  const auto made = load_or_make_key(file_, random_);
  ASSERT_TRUE(made.ok()) << made.error().message();
  EXPECT_EQ(fs::status(file_).permissions(), fs::perms::owner_read | fs::perms::owner_write);
  EXPECT_EQ(hex(*load_or_make_key(file_, random_)), hex(*made));
  EXPECT_EQ(hex(*load_key(file_)), hex(*made));
}

TEST_F(KeyFile, IsReadWithAndWithoutANewline) {
  write(std::string(kDigits) + "\n");
  EXPECT_EQ(hex(*load_key(file_)), kDigits);
  write(kDigits);
  EXPECT_EQ(hex(*load_key(file_)), kDigits);
}

TEST_F(KeyFile, OpenToOthersIsRefusedAndNotQuoted) {
  for (const fs::perms open : {fs::perms::group_read, fs::perms::others_read,
                               fs::perms::group_write, fs::perms::others_exec}) {
    write(kDigits, fs::perms::owner_read | open);
    const auto refused = load_or_make_key(file_, random_);
    ASSERT_FALSE(refused.ok());
    EXPECT_EQ(refused.error().code(), Code::kFailedPrecondition);
    EXPECT_THAT(refused.error().message(), HasSubstr("chmod 600"));
    EXPECT_THAT(refused.error().message(), Not(HasSubstr(kDigits.substr(0, 8))));
  }
}

TEST_F(KeyFile, WithoutAKeyInItIsRefusedAndNotQuoted) {
  for (const std::string& wrong : {std::string(), std::string("secret"), std::string(64, 'g'),
                                   std::string(kDigits) + "00", std::string(kDigits.substr(1))}) {
    write(wrong);
    const auto refused = load_key(file_);
    ASSERT_FALSE(refused.ok()) << wrong;
    EXPECT_EQ(refused.error().code(), Code::kFailedPrecondition);
    EXPECT_THAT(refused.error().message(), HasSubstr("chain.key: does not hold 64 hexadecimal"));
    if (wrong.empty()) continue;
    EXPECT_THAT(refused.error().message(), Not(HasSubstr(wrong)));
  }
}

TEST_F(KeyFile, ThatIsMissingIsNotMadeByLoading) {
  EXPECT_EQ(load_key(file_).error().code(), Code::kNotFound);
  EXPECT_FALSE(fs::exists(file_));
}

TEST_F(KeyFile, CredentialComesBeforeTheSettings) {
  EXPECT_EQ(chain_key_file("/etc/tillsight/chain.key"), "/etc/tillsight/chain.key");
  ::setenv("CREDENTIALS_DIRECTORY", folder_.path().c_str(), 1);
  EXPECT_EQ(chain_key_file("/etc/tillsight/chain.key"), "/etc/tillsight/chain.key");
  write(kDigits, fs::perms::owner_read | fs::perms::group_read);  // an access list shows as this
  EXPECT_EQ(chain_key_file("/etc/tillsight/chain.key"), file_);
  EXPECT_TRUE(load_key(chain_key_file({})).ok());
}

TEST(SecretKeys, DerivedOnesDependOnKeyAndLabelAlone) {
  const SecretKey chain(*digest_from_hex(kDigits));
  EXPECT_EQ(hex(chain.derive("one")), hex(chain.derive("one")));
  EXPECT_NE(hex(chain.derive("one")), hex(chain.derive("two")));
  EXPECT_NE(hex(chain.derive("one")), hex(SecretKey(sha256("x")).derive("one")));
  EXPECT_NE(hex(personal_key(chain, "S01", "T01")), hex(personal_key(chain, "S01", "T02")));
}

TEST(SecretKeys, PseudonymIsTheOneOfTheFirstDatabases) {
  const SecretKey chain(*digest_from_hex(kDigits));
  EXPECT_EQ(pseudonym(chain, "+919876543210"),
            to_hex(hmac_sha256(kDigits, "+919876543210")).substr(0, 32));
}

TEST(SecretKeys, LeaveMemoryWhenTheyAreNoLongerNeeded) {
  alignas(SecretKey) std::byte place[sizeof(SecretKey)];
  const auto* key = new (place) SecretKey(*digest_from_hex(kDigits));
  key->~SecretKey();
  const volatile std::byte* left = place;
  for (std::size_t i = 0; i < sizeof place; ++i) EXPECT_EQ(std::byte{left[i]}, std::byte{0});
}

}  // namespace
}  // namespace tillsight
