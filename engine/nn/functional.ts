// torch.nn.functional
export * from './activations'
export * from './layers'
export * from './losses'
