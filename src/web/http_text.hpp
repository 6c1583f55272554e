/// \file
/// What HTTP says around a text: which form and encoding somebody accepts, whether they have it
/// already, and why they do not get it.
///
/// **Threads** the functions are thread-safe. **Source** RFC 9110 (negotiation, validators), RFC
/// 9457 (problems), RFC 1952 (gzip, by zlib).
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "tillsight/web/hub_server.hpp"
#include "web/http_daemon.hpp"

namespace tillsight::web {

/// What `format=` or else `Accept` asks for. \return none: nothing that there is.
std::optional<Form> wanted_form(const HttpRequest& request);
std::string_view content_type(Form form);

bool accepts_gzip(const HttpRequest& request);
/// Compresses the reply if that is asked for and worth it.
void compress(const HttpRequest& request, HttpReply& reply);
/// \param packed gzip, from a file of this program.
std::string unpacked(std::string_view packed);
/// Gives the reply a validator; it is empty then, and a 304, if the caller has just that.
void validate(const HttpRequest& request, HttpReply& reply);

/// \param parameter the one that is wrong; "": it is none.
HttpReply problem(int status, std::string_view detail, std::string_view parameter = "");
/// By what the caller can do about the error.
HttpReply problem(const Error& error);

/// \return the text in quotes; what is no UTF-8 in it becomes '?'.
std::string json_string(std::string_view text);

}  // namespace tillsight::web
