-- expect: load_error two labeling functions are called 'subscribe'
function lf.hostile(x) return SPAM end
lf.subscribe = lf.hostile
