#include "tillsight/core/error.hpp"

#include "tillsight/core/check.hpp"

namespace tillsight {

std::string_view name(Code code) {
  switch (code) {
    case Code::kUnavailable: return "unavailable";
    case Code::kAborted: return "aborted";
    case Code::kFailedPrecondition: return "failed precondition";
    case Code::kInvalidArgument: return "invalid argument";
    case Code::kNotFound: return "not found";
    case Code::kAlreadyExists: return "already exists";
    case Code::kResourceExhausted: return "resource exhausted";
    case Code::kDataLoss: return "data loss";
    case Code::kCancelled: return "cancelled";
  }
  check_failed("code is known", "an error carries a code outside its enumeration");
}

Error Error::with_context(std::string_view context) const {
  return Error(code_, format("{}: {}", context, message_)).with_id(id_);
}

Error Error::with_id(std::string_view id) const {
  Error same = *this;
  same.id_ = id;
  return same;
}

}  // namespace tillsight
