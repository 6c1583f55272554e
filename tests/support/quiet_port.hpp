/// \file
/// A port for a server that dies and comes back.
#pragma once

namespace tillsight::test {

/// \return a free loopback port that the kernel gives to no outgoing connection. Among the others a
/// client that looks for a dead server may be given the server's own port, and reach itself.
int quiet_port();

}  // namespace tillsight::test
