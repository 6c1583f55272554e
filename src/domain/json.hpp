/// \file
/// Writing JSON. What comes from foreign hands is read by domain/json_reader.hpp.
#pragma once

#include <nlohmann/json.hpp>
#include <string>

namespace tillsight {

using Json = nlohmann::ordered_json;  // fields keep the order in which they are written

/// One line of JSON; what cannot be UTF-8 is replaced, never thrown.
std::string dump(const Json& json);

}  // namespace tillsight
