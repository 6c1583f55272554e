/// \file
/// Why a clerk does what is asked about later: short lists, because a keypad types no letters.
#pragma once

#include <array>
#include <string_view>

namespace tillsight::dialog {

struct Reason {
  std::string_view id;    ///< for who translates it
  std::string_view text;  ///< as it is written down
};

inline constexpr std::array kRemoveReasons = {
    Reason{"reason.unwanted", "not wanted"},
    Reason{"reason.mistake", "keyed by mistake"},
    Reason{"reason.damaged", "damaged"},
    Reason{"reason.price", "price not accepted"},
};
inline constexpr std::array kVoidReasons = {
    Reason{"reason.left", "customer left"},
    Reason{"reason.payment", "payment failed"},
    Reason{"reason.mistake", "keyed by mistake"},
    Reason{"reason.other", "other"},
};
inline constexpr std::array kDiscountReasons = {
    Reason{"reason.damaged", "damaged"},
    Reason{"reason.expiring", "expires soon"},
    Reason{"reason.regular", "regular customer"},
    Reason{"reason.promised", "price was promised"},
    Reason{"reason.other", "other"},
};
inline constexpr std::array kCashReasons = {
    Reason{"reason.change", "change"},
    Reason{"reason.bank", "bank"},
    Reason{"reason.purchase", "purchase"},
    Reason{"reason.other", "other"},
};

}  // namespace tillsight::dialog
