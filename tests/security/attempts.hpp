/// \file
/// What somebody might try on the broker of a chain, each attempt with what came of it.
#pragma once

#include <string>
#include <vector>

#include "tests/security/chain.hpp"

namespace tillsight::security {

struct Attempt {
  std::string name;
  bool let_in = false;
  std::string answer;    ///< what whoever tried it got to see
  std::string expected;  ///< must stand in the answer, so that it failed for its own reason
};

/// Strangers, who have no certificate that counts.
std::vector<Attempt> strangers(Chain& chain);
/// Brokers that are not the chain's, to which a till must not speak.
std::vector<Attempt> impostors(Chain& chain);
/// A till with a good certificate that wants more than its own.
std::vector<Attempt> greedy_till(Chain& chain);

}  // namespace tillsight::security
