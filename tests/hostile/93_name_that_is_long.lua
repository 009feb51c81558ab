-- expect: load_error the name of a labeling function must be letters
lf[("a"):rep(1e6)] = function() end
