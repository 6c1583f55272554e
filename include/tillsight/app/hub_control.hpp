/// \file
/// What an administrator asks of a head office: done by the hub that runs, over its local socket,
/// or with the hub stopped on its folder, which is then locked meanwhile.
///
/// The socket is `hub.sock` in the data folder, for the hub's user alone.
///
/// **Errors** what the hub answers; kUnavailable when it does not.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "tillsight/app/settings.hpp"
#include "tillsight/core/result.hpp"
#include "tillsight/hub/store.hpp"

namespace tillsight::app {

struct HubOrder {
  enum class What {
    kReplayQuarantine,
    kDropQuarantined,
    kAddToken,
    kRevokeToken,
    kMarkTokenUsed,
    kRecordPersonRead,
    kEraseCustomer,
  };
  What what = What::kReplayQuarantine;
  std::optional<std::int64_t> id;  ///< of the row; none: all, of a replay
  std::string who;                 ///< for the record
  std::string reason;              ///< of a drop; what was read
  std::string name{};              ///< of a token
  std::string scope{};             ///< of a new token, as the next two
  std::string hash{};              ///< hexadecimal
  std::string phone{};             ///< E.164, of a customer to erase; in no answer and no log
  int days = 0;                    ///< that it holds; 0: until it is revoked
};

/// The folder of the settings, with the chain's key if they name one, or the credential does.
/// \return kFailedPrecondition if a hub runs there.
Result<hub::HubStore> open_hub_store(const HubSettings& settings, const Clock& clock,
                                     Random& random);

/// \return what was done, in one line for a person.
Result<std::string> give_order(const HubSettings& settings, const HubOrder& order);

}  // namespace tillsight::app
