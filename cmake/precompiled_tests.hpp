/// What most files of tests/ include, precompiled.
#pragma once

#include <fstream>
#include <random>
#include <thread>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "precompiled.hpp"
