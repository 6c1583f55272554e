/// \file
/// Where the sources are, for tests and benchmarks that read files of the project.
#pragma once

namespace tillsight {

/// \return an absolute path. A function, because as a definition it would stand in every call of
/// the compiler, and a cache of objects would be of no use to the next clone.
const char* source_dir();

}  // namespace tillsight
