# What is recommended: never worse than before, never what may not be, and never at a sale's cost.

tillsight_mutation(worse_model_is_not_promoted
  SAFEGUARD "settings that are worse on the test days do not take the place of those in use"
  FILE src/als/use.cpp
  REPLACE "  if (worse) return beside;" WITH "  if (worse) return winner;"
  TEST als CASE Using.WorseSettingsNeverTakeThePlaceOfThoseInUse)

tillsight_mutation(left_out_when_listed
  SAFEGUARD "what is left out is in no new list"
  FILE src/als/use.cpp
  REPLACE "allowed.push_back(skus.contains(item.sku) || aisles.contains(item.aisle) ? 0 : 1);"
  WITH "allowed.push_back(aisles.contains(item.aisle) ? 0 : 1);"
  TEST als CASE Using.WhatIsLeftOutIsInNobodysListAndNoReason)

tillsight_mutation(left_out_when_read
  SAFEGUARD "what is left out is in no list that was made before"
  FILE src/hub/left_out.cpp
  REPLACE "Kind{\"item\", &LeftOut::items}" WITH "Kind{\"aisle\", &LeftOut::items}"
  TEST hub CASE Recommending.WhatIsLeftOutGoesAtOnceFromEveryListAndReason)

tillsight_mutation(training_comes_last
  SAFEGUARD "a training gets the processor when nobody else wants it, and goes first without memory"
  FILE src/app/child_process.cpp
  REPLACE "if (turn == Turn::kLast) step_back();" WITH "if (turn != Turn::kLast) step_back();"
  TEST app CASE Training.GetsWhatNobodyElseWants)

tillsight_mutation(training_is_once
  SAFEGUARD "a training that was missed is made up for once"
  FILE src/app/trainer.cpp
  REPLACE "record_.began = std::exchange(record_.running, std::nullopt);"
  WITH "record_.running.reset();"
  TEST app CASE Training.AHubThatWasOffAtTheTimeTrainsOnceWhenItIsBack)
