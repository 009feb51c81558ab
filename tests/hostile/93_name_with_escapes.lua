-- expect: load_error the name of a labeling function must be letters
lf["\27[2J"] = function() end
lf.hostile = lf["\27[2J"]
