-- expect: load_error the name of a labeling function must be letters
lf["../../.bashrc"] = function() end
