/// \file
/// The receipt as text: the one form that goes to a printer, a terminal and the reprint.
///
/// Every line has at most `columns` columns on the paper, whatever the script. The person is named
/// by first name and the last three digits of the phone only: receipts are left lying about.
///
/// **Example** tests/sale/receipt_test.cpp
#pragma once

#include <map>
#include <string>
#include <vector>

#include "tillsight/core/result.hpp"
#include "tillsight/domain/day.hpp"
#include "tillsight/domain/event.hpp"
#include "tillsight/domain/invoice.hpp"
#include "tillsight/domain/money.hpp"

namespace tillsight {

struct ReceiptSettings {
  int columns = 40;                 ///< 32 to 48
  std::vector<std::string> header;  ///< shop name, address, tax number: one line each, centred
  std::vector<std::string> footer;  ///< the same, at the end
};
/// \return kInvalidArgument naming what is out of its range.
Status check(const ReceiptSettings& settings);

enum class ReceiptMark {
  kOriginal,
  kCopy,      ///< it was printed before
  kTraining,  ///< nothing was sold: there is no invoice number
};

/// \pre check(settings) is ok; `opened` is a sale or a refund.
std::string receipt(const Opened& opened, const Currency& currency, const ReceiptSettings& settings,
                    ReceiptMark mark = ReceiptMark::kOriginal);

/// An X or a Z on the same paper. \param number of the Z; 0: an X.
/// \param counted by tender.
std::string day_report(const DaySums& sums, std::int64_t number,
                       const std::map<std::string, Money>& counted, const Currency& currency,
                       const ReceiptSettings& settings);

/// "+919876543210" → "**********210".
std::string masked_phone(const std::string& phone);

}  // namespace tillsight
